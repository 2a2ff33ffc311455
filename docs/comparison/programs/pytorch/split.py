# SPDX-License-Identifier: BSL-1.0
import torch

x = torch.arange(2 * 512.0).view(2, 512)
heads = x.view(2, 12, 512 // 12)  # the mistake
print(f"token 1 is {heads[1, 0, 0]:g} to {heads[1, 11, 41]:g}")

# SPDX-License-Identifier: BSL-1.0
import torch

x = torch.arange(2 * 768.0).view(2, 768)
q, k, v = x.chunk(3, dim=-1)  # the mistake
print("q, k and v begin with", *(f"{part[0, 0]:g}" for part in (q, k, v)))

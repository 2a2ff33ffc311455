# SPDX-License-Identifier: BSL-1.0
import torch

q = torch.ones(2, 64)
k = torch.ones(3, 32)
scores = q @ k.T  # the mistake
print(f"the score is {scores[0, 0]:g}")

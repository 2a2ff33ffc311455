# SPDX-License-Identifier: BSL-1.0
import torch

scores = torch.tensor([[1.0, 2, 3], [3, 2, 1]])
v = torch.tensor([[1.0], [2], [3]])
weights = scores.softmax(dim=0)  # the mistake
context = weights @ v  # shown
print("query 0 has weights", *(f"{w:.3f}" for w in weights[0]), f"and context {context[0, 0]:.3f}")

# SPDX-License-Identifier: BSL-1.0
import torch

x = torch.ones(4, 3)
position = torch.full((1, 3), 10.0)
y = x + position  # the mistake
print("tokens begin with", *(f"{t:g}" for t in y[:, 0]))

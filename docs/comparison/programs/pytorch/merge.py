# SPDX-License-Identifier: BSL-1.0
import torch

context = torch.tensor([[[0, 1], [10, 11], [20, 21]], [[100, 101], [110, 111], [120, 121]]])  # head, token, head_dim
merged = context.view(3, 4)  # the mistake
print("token 0 is", *merged[0].tolist())

// The differentially private twin of nn.MultiheadAttention spliced the positions of heads into those of time. The
// difference from nn.MultiheadAttention was 0.96 at most. It came in with the repair of another defect in 2024 and
// surfaced in 2026, when batch_first got a test.
// https://github.com/meta-pytorch/opacus/pull/825
// C011 merge head, head_dim: head and head_dim are not adjacent in memory, as token lies between, permute and call
// contiguous
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<4>, token<4>, head_dim<8>> attn_output;
#ifdef WRONG
  auto merged = merge<embed, head, head_dim>(attn_output);
#else
  auto merged = merge<embed, head, head_dim>(contiguous(transpose<head, token>(attn_output)));
#endif
  (void)merged;
}

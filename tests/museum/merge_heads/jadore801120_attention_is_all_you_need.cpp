// The rows of heads and batch were viewed back as the batch, and the rows of one head became features of other tokens.
// This was an early PyTorch transformer, three weeks after the paper. Somebody who compared it with a TensorFlow
// version asked "is it right?"; it was repaired a day later.
// https://github.com/jadore801120/attention-is-all-you-need-pytorch/issues/7
// C023 view [head=4, batch=4, token=4, head_dim=4] as [batch=4, token=4, embed=16]: head=4 cannot become no axes
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<4>, batch<4>, token<4>, head_dim<4>> outputs;  // one axis of head * batch rows there
#ifdef WRONG
  auto merged = view<batch<4>, token<4>, embed<16>>(outputs);
#else
  auto merged = merge<embed, head, head_dim>(contiguous(permute<batch, token, head, head_dim>(outputs)));
#endif
  (void)merged;
}

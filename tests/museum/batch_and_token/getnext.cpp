// Self-attention ran over the trajectories of the batch instead of the steps of a trajectory (SIGIR 2022). The batch
// was padded with batch_first=True, and the encoder behind it took the sequence first. Its positions ran along the
// batch as well.
// https://github.com/songyangco/GETNext/issues/2
// C028 tensor [token=4, batch=4, embed=32] from [batch=4, token=4, embed=32]: the order differs, permute first
#include <conform/conform.hpp>
using namespace conform;

// As nn.MultiheadAttention with batch_first=False: the first axis is the sequence.
tensor<float, token<4>, batch<4>, embed<32>> encoder(tensor<float, token<4>, batch<4>, embed<32>> const& x) {
  return multi_head_attention<float, embed<32>, head<4>>{}(x);
}

int main() {
  tensor<float, batch<4>, token<4>, embed<32>> x;  // pad_sequence(.., batch_first=True)
#ifdef WRONG
  auto y = encoder(x);
#else
  auto y = encoder(contiguous(permute<token, batch, embed>(x)));
#endif
  (void)y;
}

// Self-attention mixed the molecules of a batch with each other. The repair came with a test that shows it: two
// sequences encoded together and apart must give the same.
// https://github.com/DaoyuanLi2816/Molecule-Generator/pull/22
// C028 tensor [token=4, batch=4, embed=32] from [batch=4, token=4, embed=32]: the order differs, permute first
#include <conform/conform.hpp>
using namespace conform;

// As nn.MultiheadAttention with batch_first=False: the first axis is the sequence.
tensor<float, token<4>, batch<4>, embed<32>> encoder(tensor<float, token<4>, batch<4>, embed<32>> const& x) {
  return multi_head_attention<float, embed<32>, head<4>>{}(x);
}

int main() {
  tensor<float, batch<4>, token<4>, embed<32>> embedded;
#ifdef WRONG
  auto y = encoder(embedded);
#else
  auto y = encoder(contiguous(permute<token, batch, embed>(embedded)));
#endif
  (void)y;
}

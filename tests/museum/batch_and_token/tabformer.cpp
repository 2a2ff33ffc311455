// The fields of a row of a table were to attend to each other; instead the same field attended over all rows of the
// batch. A reader found it, who first asked PyTorch whether he misread the documentation.
// https://github.com/IBM/TabFormer/pull/14
// C028 tensor [token=4, row=4, embed=32] from [row=4, token=4, embed=32]: the order differs, permute first
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct row : axis<"row", N> {};

// As nn.MultiheadAttention with batch_first=False: the first axis is the sequence.
tensor<float, token<4>, row<4>, embed<32>> transformer_encoder(tensor<float, token<4>, row<4>, embed<32>> const& x) {
  return multi_head_attention<float, embed<32>, head<4>>{}(x);
}

int main() {
  tensor<float, row<4>, token<4>, embed<32>> inputs_embeds;  // a token is a field
#ifdef WRONG
  auto y = transformer_encoder(inputs_embeds);
#else
  auto y = transformer_encoder(contiguous(permute<token, row, embed>(inputs_embeds)));
#endif
  (void)y;
}

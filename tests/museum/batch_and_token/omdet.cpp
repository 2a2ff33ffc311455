// A decoder whose inputs have the batch first called attention that takes the sequence first. With one image it was
// right, with more wrong. The weights had been trained rightly; it was found while porting the inference code.
// https://github.com/om-ai-lab/OmDet/issues/19
// C028 tensor [token=4, batch=4, embed=32] from [batch=4, token=4, embed=32]: the order differs, permute first
#include <conform/conform.hpp>
using namespace conform;

// As nn.MultiheadAttention with batch_first=False: the first axis is the sequence.
tensor<float, token<4>, batch<4>, embed<32>> decoder_attention(tensor<float, token<4>, batch<4>, embed<32>> const& x) {
  return multi_head_attention<float, embed<32>, head<4>>{}(x);
}

int main() {
  tensor<float, batch<4>, token<4>, embed<32>> x;
#ifdef WRONG
  auto y = decoder_attention(x);
#else
  auto y = decoder_attention(contiguous(permute<token, batch, embed>(x)));
#endif
  (void)y;
}

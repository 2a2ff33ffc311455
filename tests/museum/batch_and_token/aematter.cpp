// The windows came first and the layer expected the sequence first: attention ran across windows and images of the
// batch. The published matting model was trained like that. The author: "there is indeed a bug"; he repaired it and
// trained new weights.
// https://github.com/aipixel/AEMatter/issues/3
// C028 tensor [token=4, region=4, embed=32] from [region=4, token=4, embed=32]: the order differs, permute first
#include <conform/conform.hpp>
using namespace conform;

// A window of the image.
template <std::size_t N> struct region : axis<"region", N> {};

// As nn.MultiheadAttention with batch_first=False: the first axis is the sequence.
tensor<float, token<4>, region<4>, embed<32>> self_attn1(tensor<float, token<4>, region<4>, embed<32>> const& x) {
  return multi_head_attention<float, embed<32>, head<4>>{}(x);
}

int main() {
  tensor<float, region<4>, token<4>, embed<32>> x1;  // rearrange(x1_, 'b c h1 h2 w -> (b h1) (h2 w) c')
#ifdef WRONG
  auto y = self_attn1(x1);
#else
  auto y = self_attn1(contiguous(permute<token, region, embed>(x1)));
#endif
  (void)y;
}

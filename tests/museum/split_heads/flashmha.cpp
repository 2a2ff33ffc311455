// Tokens stood in the place of heads: the heads of one token attended to each other, and tokens never met. Every shape
// fits and comes back in the order that is expected. A reader found it: "which is totally wrong".
// https://github.com/kyegomez/FlashMHA/issues/1
// C028 tensor [batch=2, head=8, token=8, head_dim=8] from [batch=2, token=8, head=8, head_dim=8]: the order differs,
// permute first
#include <conform/conform.hpp>
using namespace conform;

// As scaled_dot_product_attention, which goes by the order of the axes.
void inner_attention(tensor<float, batch<2>, head<8>, token<8>, head_dim<8>> const& q) {
  auto k = rename<token, key>(q);
  auto context = attention(q, k, k);
  (void)context;
}

int main() {
  tensor<float, batch<2>, token<8>, embed<64>> x;
  auto q = split<embed, head<8>, head_dim<8>>(x);  // rearrange(qkv, 'b s (three h d) -> three b s h d')
#ifdef WRONG
  inner_attention(q);
#else
  inner_attention(contiguous(transpose<token, head>(q)));
#endif
  (void)q;
}

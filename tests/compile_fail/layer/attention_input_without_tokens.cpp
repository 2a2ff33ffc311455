// Attention is given one vector, which has no tokens.
// C005 multi_head_attention: no axis token in [embed=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
#ifdef WRONG
  tensor<float, embed<512>> x;
  auto y = mha(x);
#else
  tensor<float, token<1>, embed<512>> x;
  auto y = mha(x);
#endif
  (void)y;
}

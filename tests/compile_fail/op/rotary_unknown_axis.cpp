// Keys stand along key, not along token.
// C005 rotary: no axis token in [head=8, key=6, head_dim=64]
// Why: Over plain arrays the position is whatever axis stands in that place, and heads have been turned for tokens so.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, key<6>, head_dim<64>> k;
  auto const [cos, sin] = rotary_table<float, token<2048>, head_dim<64>>();
#ifdef WRONG
  auto y = rotary<token, head_dim>(k, cos, sin);
#else
  auto y = rotary<key, head_dim>(k, cos, sin);
#endif
  (void)y;
}

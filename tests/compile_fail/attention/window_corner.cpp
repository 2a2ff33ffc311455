// A window over more keys than queries, as behind a cache.
// C024 window with token=6, key=9: say which corner, from_start or to_end
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<9>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, window<2, 0>);
#else
  auto y = attention(q, k, v, window<2, 0>, to_end);
#endif
  (void)y;
}

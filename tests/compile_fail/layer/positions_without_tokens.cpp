// One token without the axis that says so.
// C005 learned_positions: no axis token in [batch=2, embed=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  learned_positions<float, token<512>, embed<64>> positions;
#ifdef WRONG
  tensor<float, batch<2>, embed<64>> x;
  auto y = positions(x);
#else
  tensor<float, batch<2>, token<1>, embed<64>> x;
  auto y = positions(x);
#endif
  (void)y;
}

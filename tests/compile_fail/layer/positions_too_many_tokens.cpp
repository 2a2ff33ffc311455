// More tokens than there are learned positions.
// C015 learned_positions token=600: there are 512 positions
// Run time: where only the run knows how many tokens there are, it throws `shape_error`.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  learned_positions<float, token<512>, embed<64>> positions;
#ifdef WRONG
  tensor<float, batch<2>, token<600>, embed<64>> x;
  auto y = positions(x);
#else
  tensor<float, batch<2>, token<500>, embed<64>> x;
  auto y = positions(x);
#endif
  (void)y;
}

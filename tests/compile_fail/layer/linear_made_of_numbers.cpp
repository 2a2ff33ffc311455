// The widths of a layer as numbers in parentheses.
// C035 linear embed=512 to hidden=64: it is made of nothing, or of a weight [in_features=512, out_features=64] and a bias
// [out_features=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  linear<float, embed<512>, hidden<64>> layer(512, 64);
#else
  linear<float, embed<512>, hidden<64>> layer;
#endif
  (void)layer;
}

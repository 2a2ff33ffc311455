// A layer called as it is made, as a function is.
// C035 linear embed=512 to hidden=64: it is called once it is made, layer(x), or made of a weight [in_features=512,
// out_features=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = linear<float, embed<512>, hidden<64>>(x);
#else
  linear<float, embed<512>, hidden<64>> layer;
  auto y = layer(x);
#endif
  (void)y;
}

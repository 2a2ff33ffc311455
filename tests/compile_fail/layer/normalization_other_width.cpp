// A normalization of a width of 512 is given one of 256.
// C008 layer_normalization: embed=256 in the input, embed=512 in the parameter
#include <conform/conform.hpp>
using namespace conform;

int main() {
  layer_normalization<float, embed<512>> layer;
#ifdef WRONG
  tensor<float, token<6>, embed<256>> x;
  auto y = layer(x);
#else
  tensor<float, token<6>, embed<512>> x;
  auto y = layer(x);
#endif
  (void)y;
}

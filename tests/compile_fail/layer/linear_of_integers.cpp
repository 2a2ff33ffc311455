// Weights that are integers.
// C018 linear: its elements are float or double, not int
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<int, token<6>, embed<512>> x;
  linear<int, embed<512>, hidden<2048>> layer;
#else
  tensor<float, token<6>, embed<512>> x;
  linear<float, embed<512>, hidden<2048>> layer;
#endif
  fill_uniform(layer, 1);
  auto y = layer(x);
  (void)y;
}

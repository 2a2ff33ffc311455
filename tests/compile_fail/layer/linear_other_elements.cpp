// A layer of float is given double.
// C018 linear: the input's elements are double, and those of the weights float, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  linear<float, embed<512>, hidden<2048>> layer;
#ifdef WRONG
  tensor<double, token<6>, embed<512>> x;
  auto y = layer(x);
#else
  tensor<float, token<6>, embed<512>> x;
  auto y = layer(x);
#endif
  (void)y;
}

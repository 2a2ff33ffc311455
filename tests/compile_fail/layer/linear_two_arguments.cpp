// A factor behind the input of a linear layer.
// C003 linear: it takes one tensor, and 2 arguments are given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  linear<float, embed<512>, hidden<2048>> layer;
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = layer(x, 0.125);
#else
  auto y = scaled(layer(x), 0.125f);
#endif
  (void)y;
}

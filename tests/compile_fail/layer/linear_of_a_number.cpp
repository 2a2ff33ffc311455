// A number where a tensor belongs.
// C003 linear: an argument is not a tensor
#include <conform/conform.hpp>
using namespace conform;

int main() {
  linear<float, embed<1>, hidden<3>> layer;
#ifdef WRONG
  auto y = layer(0.125f);
#else
  tensor<float, embed<1>> x{0.125f};
  auto y = layer(x);
#endif
  (void)y;
}

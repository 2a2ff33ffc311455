// double subtracted from float, by its name.
// C018 subtract: the elements are float and double, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>> a;
  tensor<double, token<6>> b;
#ifdef WRONG
  auto y = subtract(a, b);
#else
  auto y = subtract(a, tensor<float, token<6>>(b));
#endif
  (void)y;
}

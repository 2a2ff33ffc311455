// The logistic of an integer is a fraction.
// C018 silu: the elements are int, not floating-point, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<int, token<6>> x;
  auto y = silu(x);
#else
  tensor<float, token<6>> x;
  auto y = silu(x);
#endif
  (void)y;
}

// Integers times a half, which is 0 as an integer.
// C018 scaled: the elements are int and the factor is double, cast<double>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<int, token<6>> x;
#ifdef WRONG
  auto y = scaled(x, 0.5);
#else
  auto y = scaled(x, 2);
#endif
  (void)y;
}

// Halves of integers.
// C018 apply: the function gives double, and the elements are int, cast<double>(x) converts
// Why: The result has the elements of the operand, and would cut the fractions off.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<int, token<6>> x;
#ifdef WRONG
  auto y = apply([](int v) { return v * 0.5; }, x);
#else
  auto y = apply([](int v) { return v / 2; }, x);
#endif
  (void)y;
}

// A function of two elements, for each one.
// C018 apply: the function does not take an element of type float
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>> x;
#ifdef WRONG
  auto y = apply([](float v, float w) { return v * w; }, x);
#else
  auto y = apply([](float v) { return v * v; }, x);
#endif
  (void)y;
}

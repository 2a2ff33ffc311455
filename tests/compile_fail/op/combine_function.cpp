// A function of one element, for two.
// C018 combine: the function does not take two elements of type float and give one
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>> a, b;
#ifdef WRONG
  auto y = combine([](float v) { return v; }, a, b);
#else
  auto y = combine([](float v, float w) { return v * w; }, a, b);
#endif
  (void)y;
}

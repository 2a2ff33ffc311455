// A function whose result is no number.
// C018 apply: the function gives another type, and the elements are float
#include <conform/conform.hpp>

#include <string>

using namespace conform;

int main() {
  tensor<float, token<6>> x;
#ifdef WRONG
  auto y = apply([](float v) { return std::string(v > 0 ? "+" : "-"); }, x);
#else
  auto y = apply([](float v) { return v > 0 ? 1.f : -1.f; }, x);
#endif
  (void)y;
}

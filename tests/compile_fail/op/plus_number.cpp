// A number added to a tensor.
// C003 +: a number is no tensor, apply([](float v) { return v + 1; }, x) adds one
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)(x + 1.0);
#else
  (void)apply([](float v) { return v + 1; }, x);
#endif
}

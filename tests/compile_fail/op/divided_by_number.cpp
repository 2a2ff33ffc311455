// A tensor divided by a number.
// C042 /: it is no operator, scaled(x, 0.5f) halves and combine([](float a, float b) { return a / b; }, x, y) divides
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)(x / 2);
#else
  (void)scaled(x, 0.5f);
#endif
}

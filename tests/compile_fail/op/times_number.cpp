// A tensor times a number.
// C042 *: it is no operator, scaled(x, 2) multiplies by a number
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)(x * 2.f);
#else
  (void)scaled(x, 2.f);
#endif
}

// Tensors joined along an axis that is not said.
// C040 concat: no axis is named, as in concat<token>(a, b)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)concat(x, x);
#else
  (void)concat<token>(x, x);
#endif
}

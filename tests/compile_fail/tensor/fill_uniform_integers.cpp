// Random fractions, for integers.
// C018 fill_uniform: the elements are int, not floating-point
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<int, token<6>> x;
  fill_uniform(x, 1);
#else
  tensor<float, token<6>> x;
  fill_uniform(x, 1);
#endif
}

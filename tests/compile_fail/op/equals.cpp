// Two tensors compared.
// C042 ==: it is no operator, max_abs_difference(x, y) == 0 says it
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, token<6>, embed<512>> y;
#ifdef WRONG
  bool const same = x == y;
#else
  bool const same = max_abs_difference(x, y) == 0;
#endif
  (void)same;
}

// The mean of integers, which would be an integer.
// C018 mean token: the elements are int, not floating-point, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<int, batch<2>, token<6>> x;
  auto y = mean<token>(x);
#else
  tensor<float, batch<2>, token<6>> x;
  auto y = mean<token>(x);
#endif
  (void)y;
}

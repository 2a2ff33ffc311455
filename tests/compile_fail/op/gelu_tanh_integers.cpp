// A gelu_tanh of integers.
// C018 gelu_tanh: the elements are int, not floating-point, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<int, token<6>, hidden<64>> x;
  auto y = gelu_tanh(x);
#else
  tensor<float, token<6>, hidden<64>> x;
  auto y = gelu_tanh(x);
#endif
  (void)y;
}

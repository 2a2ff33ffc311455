// Weights of bfloat16, an input of float.
// C018 linear: the input's elements are float, and those of the weights bfloat16, cast<bfloat16>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<8>> x;
  linear<bfloat16, embed<8>, hidden<16>> layer;
#ifdef WRONG
  auto y = layer(x);
#else
  auto y = cast<float>(layer(cast<bfloat16>(x)));
#endif
  (void)y;
}

// A scale in double, for elements in float.
// C018 rms_norm: the elements are float and double, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
  tensor<double, embed<512>> scale;
#ifdef WRONG
  auto y = rms_norm<embed>(x, scale);
#else
  auto y = rms_norm<embed>(x, tensor<float, embed<512>>(scale));
#endif
  (void)y;
}

// A scale of another width.
// C008 rms_norm: embed=512 in the input, embed=256 in the parameter
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  tensor<float, embed<256>> scale;
  auto y = rms_norm<embed>(x, scale);
#else
  tensor<float, embed<512>> scale;
  auto y = rms_norm<embed>(x, scale);
#endif
  (void)y;
}

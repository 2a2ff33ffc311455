// A layer_norm with a scale alone.
// C022 layer_norm: the bias is missing, pass one of zeros, [embed], or call rms_norm
// Why: PyTorch's `F.layer_norm` adds no bias where none is given.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
  tensor<float, embed<512>> scale, bias;
#ifdef WRONG
  auto y = layer_norm<embed>(x, scale);
  (void)bias;
#else
  auto y = layer_norm<embed>(x, scale, bias);
#endif
  (void)y;
}

// A layer norm without its scale and bias.
// C041 layer_norm<embed>: it is called as in layer_norm<embed>(x, scale, bias)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, embed<512>> scale, bias;
#ifdef WRONG
  (void)layer_norm<embed>(x, 1e-5f);
#else
  (void)layer_norm<embed>(x, scale, bias, 1e-5f);
#endif
  (void)scale;
  (void)bias;
}

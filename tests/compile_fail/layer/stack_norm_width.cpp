// A norm of another width behind the last layer.
// C008 layer_stack: norm: layer_normalization: embed=512 in the input, embed=256 in the parameter
#include <conform/conform.hpp>
using namespace conform;

int main() {
  using layer = encoder_layer<float, embed<512>, head<8>, hidden<2048>>;
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  layer_stack<layer, 6, layer_normalization<float, embed<256>>> stack;
  auto y = stack(x, causal);
#else
  layer_stack<layer, 6, layer_normalization<float, embed<512>>> stack;
  auto y = stack(x, causal);
#endif
  (void)y;
}

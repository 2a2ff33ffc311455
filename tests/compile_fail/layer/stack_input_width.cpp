// A stack of layers for a width of 512 is given one of 256.
// C008 layer_stack: encoder_layer: query: linear embed=512 to embed=512: the input has embed=256
#include <conform/conform.hpp>
using namespace conform;

int main() {
  layer_stack<encoder_layer<float, embed<512>, head<8>, hidden<2048>>, 6> stack;
#ifdef WRONG
  tensor<float, batch<2>, token<6>, embed<256>> x;
  auto y = stack(x, causal);
#else
  tensor<float, batch<2>, token<6>, embed<512>> x;
  auto y = stack(x, causal);
#endif
  (void)y;
}

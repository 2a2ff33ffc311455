// A stack that does not say how many layers.
// C038 layer_stack: 0 layers, a number above 0 is needed
#include <conform/conform.hpp>
using namespace conform;

int main() {
  using layer = encoder_layer<float, embed<512>, head<8>, hidden<64>>;
#ifdef WRONG
  layer_stack<layer> encoder;
#else
  layer_stack<layer, 6> encoder;
#endif
  (void)encoder;
}

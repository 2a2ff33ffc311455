// A layer with biases and without.
// C027 decoder_layer: settings 1 and 2 behind the activation both say bias
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  decoder_layer<float, embed<512>, head<8>, hidden<2048>, norm_placement::pre, activation::gelu, with_bias, without_bias> layer;
#else
  decoder_layer<float, embed<512>, head<8>, hidden<2048>, norm_placement::pre, activation::gelu, without_bias> layer;
#endif
  (void)layer;
}

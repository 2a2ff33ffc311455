// A norm as it is called, for the setting that asks for it.
// C027 encoder_layer: setting 1 behind the activation is none of with_rms_normalization, with_gated_feed_forward, with_bias,
// without_bias, head_dim, value_dim, kv_head
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  encoder_layer<float, embed<512>, head<8>, hidden<2048>, norm_placement::pre, activation::silu,
                rms_normalization<float, embed<512>>> layer;
#else
  encoder_layer<float, embed<512>, head<8>, hidden<2048>, norm_placement::pre, activation::silu, with_rms_normalization> layer;
#endif
  (void)layer;
}

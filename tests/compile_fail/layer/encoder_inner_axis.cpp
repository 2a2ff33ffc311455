// The head width given where the inner width of the feed-forward part belongs.
// C027 encoder_layer: feed_forward: head_dim=64 is no inner width, say hidden<N>
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  encoder_layer<float, embed<512>, head<8>, head_dim<64>> layer;
#else
  encoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
#endif
  fill_uniform(layer, 1);
  tensor<float, token<6>, embed<512>> x;
  auto y = layer(x, causal);
  auto z = layer.self_attention.query(x);
  (void)y;
  (void)z;
}

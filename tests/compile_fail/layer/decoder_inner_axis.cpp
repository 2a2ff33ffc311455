// The head width given where the inner width of the feed-forward part belongs.
// C027 decoder_layer: feed_forward: head_dim=64 is no inner width, say hidden<N>
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  decoder_layer<float, embed<512>, head<8>, head_dim<64>> layer;
#else
  decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
#endif
  (void)layer;
}

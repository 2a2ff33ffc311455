// The head width given where the inner width of the feed-forward part belongs.
// C027 decoder_layer: head_dim=64 is no width of a token, say hidden<N> behind the heads
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

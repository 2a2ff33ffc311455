// Weights packed once, of a tensor: a layer has them, and packs them in the order that its product needs.
// C035 prepacked: it takes a layer, such as multi_head_attention or layer_stack
#include <conform/conform.hpp>
using namespace conform;

int main() {
  linear<float, embed<512>, hidden<64>> layer;
#ifdef WRONG
  prepacked const fast(layer.weight);
#else
  prepacked const fast(layer);
#endif
  (void)fast;
}

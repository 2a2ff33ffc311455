// A normalization along the tokens.
// C027 layer_normalization: token=6 is no width, say embed<N>
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  layer_normalization<float, token<6>> y;
#else
  layer_normalization<float, embed<512>> y;
#endif
  (void)y;
}

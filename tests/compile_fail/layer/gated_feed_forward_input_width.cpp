// A gated feed-forward part for a width of 512 is given one of 256.
// C008 gated_feed_forward: linear embed=512 to hidden=1365: the input has embed=256
#include <conform/conform.hpp>
using namespace conform;

int main() {
  gated_feed_forward<float, embed<512>, hidden<1365>> layer;
#ifdef WRONG
  tensor<float, token<6>, embed<256>> x;
  auto y = layer(x);
#else
  tensor<float, token<6>, embed<512>> x;
  auto y = layer(x);
#endif
  (void)y;
}

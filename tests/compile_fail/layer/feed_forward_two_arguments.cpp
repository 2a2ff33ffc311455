// A mask for a layer that looks at each token by itself.
// C003 feed_forward: it takes one tensor, and 2 arguments are given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  feed_forward<float, embed<512>, hidden<2048>> layer;
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = layer(x, causal);
#else
  auto y = layer(x);
#endif
  (void)y;
}

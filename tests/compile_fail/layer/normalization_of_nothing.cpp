// A call without an input.
// C003 layer_normalization: it takes one tensor, and 0 arguments are given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  layer_normalization<float, embed<512>> layer;
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = layer();
#else
  auto y = layer(x);
#endif
  (void)y;
}

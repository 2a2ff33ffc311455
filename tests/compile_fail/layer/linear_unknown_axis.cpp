// A layer along embed is given an input whose width is called hidden.
// C005 linear embed=512 to hidden=2048: no axis embed in [token=6, hidden=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  linear<float, embed<512>, hidden<2048>> layer;
#ifdef WRONG
  tensor<float, token<6>, hidden<512>> x;
  auto y = layer(x);
#else
  tensor<float, token<6>, embed<512>> x;
  auto y = layer(x);
#endif
  (void)y;
}

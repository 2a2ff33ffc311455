// A layer that does not take what it gives.
// C005 layer_stack: linear embed=512 to hidden=512: no axis embed in [batch=2, token=6, hidden=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  layer_stack<linear<float, embed<512>, hidden<512>>, 2> stack;
  auto y = stack(x);
#else
  layer_stack<linear<float, embed<512>, embed<512>>, 2> stack;
  auto y = stack(x);
#endif
  (void)y;
}

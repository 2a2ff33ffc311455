// A stack called without an input.
// C003 layer_stack: a tensor is needed, and nothing is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  layer_stack<encoder_layer<float, embed<512>, head<8>, hidden<2048>>, 6> stack;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  (void)x;
#ifdef WRONG
  auto y = stack();
#else
  auto y = stack(x);
#endif
  (void)y;
}

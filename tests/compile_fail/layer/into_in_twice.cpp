// Two arenas for one call.
// C026 linear.into: in is given twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  linear<float, embed<64>, embed<64>> layer;
  tensor<float, token<6>, embed<64>> x, y;
  static static_arena<workspace_bytes(layer, x)> first, second;
#ifdef WRONG
  layer.into(y, x, in(first), in(second));
#else
  layer.into(y, x, in(first));
  layer.into(y, x, in(second));
#endif
}

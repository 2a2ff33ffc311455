// Axes to be merged, not named.
// C014 merge into embed: name axes of [token=6, head=8, head_dim=64] to merge
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
#ifdef WRONG
  auto y = merge<embed>(x);
#else
  auto y = merge<embed, head, head_dim>(x);
#endif
  (void)y;
}

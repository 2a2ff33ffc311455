// A name that the tensor does not have: its axis is called token, not key.
// C005 transpose: no axis key in [batch=2, token=6, head=8, head_dim=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, head<8>, head_dim<64>> heads;
#ifdef WRONG
  auto y = transpose<key, head>(heads);
#else
  auto y = transpose<token, head>(heads);
#endif
  (void)y;
}

// An axis swapped with itself.
// C014 transpose: token of [batch=2, head=8, token=6, head_dim=64] is named twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> x;
#ifdef WRONG
  auto y = transpose<token, token>(x);
#else
  auto y = transpose<token, head>(x);
#endif
  (void)y;
}

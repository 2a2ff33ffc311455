// An order with token twice.
// C014 permute: token of [batch=2, head=8, token=6, head_dim=64] is named twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> x;
#ifdef WRONG
  auto y = permute<batch, token, head, token>(x);
#else
  auto y = permute<batch, token, head, head_dim>(x);
#endif
  (void)y;
}

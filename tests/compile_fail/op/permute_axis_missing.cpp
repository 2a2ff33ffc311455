// An order that leaves out the batch.
// C014 permute: batch of [batch=2, head=8, token=6, head_dim=64] is not named
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> x;
#ifdef WRONG
  auto y = permute<token, head, head_dim>(x);
#else
  auto y = permute<batch, token, head, head_dim>(x);
#endif
  (void)y;
}

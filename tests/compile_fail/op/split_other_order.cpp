// Heads taken apart in another order than they were merged in: head_dim first.
// C029 split embed into head_dim=64, head=8: it is head=8 x head_dim=64
// Why: Both orders multiply to 512, and only one gives each head its own columns back.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
  auto merged = merge<embed, head, head_dim>(x);
#ifdef WRONG
  auto y = split<embed, head_dim<64>, head<8>>(merged);
#else
  auto y = split<embed, head<8>, head_dim<64>>(merged);
#endif
  (void)y;
}

// Heads taken apart by names alone, in another order than they were merged in.
// C029 split embed=512 into head_dim, head: it is head=8 x head_dim=64
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
  auto merged = merge<embed, head, head_dim>(x);
#ifdef WRONG
  auto y = split<embed, head_dim, head>(merged);
#else
  auto y = split<embed, head, head_dim>(merged);
#endif
  (void)y;
}

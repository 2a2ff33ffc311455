// Heads merged in two orders: one width, other columns.
// C029 +: embed is head=8 x head_dim=64 on the left, head_dim=64 x head=8 on the right
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> a;
  tensor<float, token<6>, head_dim<64>, head<8>> b;
  auto left = merge<embed, head, head_dim>(a);
#ifdef WRONG
  auto y = left + merge<embed, head_dim, head>(b);
#else
  auto y = left + merge<embed, head, head_dim>(contiguous(transpose<head_dim, head>(b)));
#endif
  (void)y;
}

// Merged parts in another order than they lie in.
// C011 merge head_dim, head: head_dim and head are not adjacent in memory, nor in this order in [token=6, head=8,
// head_dim=64], permute and call contiguous
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
#ifdef WRONG
  auto y = merge<embed, head_dim, head>(x);
#else
  auto y = merge<embed, head_dim, head>(contiguous(transpose<head, head_dim>(x)));
#endif
  (void)y;
}

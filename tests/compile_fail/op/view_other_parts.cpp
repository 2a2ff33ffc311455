// A view of merged heads, taken apart in another order.
// C029 view [token=6, head_dim=64, head=8]: embed is head=8 x head_dim=64
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
  auto merged = merge<embed, head, head_dim>(x);
#ifdef WRONG
  auto y = view<token<6>, head_dim<64>, head<8>>(merged);
#else
  auto y = view<token<6>, head<8>, head_dim<64>>(merged);
#endif
  (void)y;
}

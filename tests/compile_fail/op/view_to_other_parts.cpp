// A view that would say of merged heads that they were made in another order.
// C029 view: embed, made of head_dim=64 x head=8, from [token=6, head=8, head_dim=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
#ifdef WRONG
  auto y = view<token<6>, merged<embed<512>, head_dim<64>, head<8>>>(x);
#else
  auto y = view<token<6>, merged<embed<512>, head<8>, head_dim<64>>>(x);
#endif
  (void)y;
}

// Heads and their columns merged into an axis that there is.
// C013 merge: there is an axis token already in [token=6, head=8, head_dim=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
#ifdef WRONG
  auto y = merge<token, head, head_dim>(x);
#else
  auto y = merge<embed, head, head_dim>(x);
#endif
  (void)y;
}

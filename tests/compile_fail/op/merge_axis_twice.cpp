// One axis named twice, another one forgotten.
// C014 merge: head of [token=6, head=8, head_dim=64] is named twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
#ifdef WRONG
  auto y = merge<embed, head, head>(x);
#else
  auto y = merge<embed, head, head_dim>(x);
#endif
  (void)y;
}

// A result that claims its parts in another order than they are merged in.
// C029 merge into embed, made of head_dim=64 x head=8: these are head=8 x head_dim=64
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
#ifdef WRONG
  auto y = merge<merged<embed<512>, head_dim<64>, head<8>>, head, head_dim>(x);
#else
  auto y = merge<merged<embed<512>, head<8>, head_dim<64>>, head, head_dim>(x);
#endif
  (void)y;
}

// As many columns as a head has, from the middle of one to the middle of the next.
// C030 slice embed from 32 to 96 cuts head=8 x head_dim=64, split it first
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
  auto wide = merge<embed, head, head_dim>(x);
#ifdef WRONG
  auto y = slice<embed, 32, 64>(wide);
#else
  auto y = slice<embed, 64, 64>(wide);
#endif
  (void)y;
}

// A claim about merged heads that is wrong.
// C029 as embed, made of head=16 x head_dim=32: it is head=8 x head_dim=64
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
  auto wide = merge<embed, head, head_dim>(x);
#ifdef WRONG
  auto y = as<merged<embed<512>, head<16>, head_dim<32>>>(wide);
#else
  auto y = as<merged<embed<512>, head<8>, head_dim<64>>>(wide);
#endif
  (void)y;
}

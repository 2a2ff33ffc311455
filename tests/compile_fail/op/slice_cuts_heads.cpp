// A part of merged heads, 200 columns wide: three heads of 64 and an eighth of the next.
// C030 slice embed, 200 long, cuts head=8 x head_dim=64, split it first
// Run time: Where a slice of 192 columns begins, only the run may know: `shape_error` is thrown where it is not at a head.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
  auto wide = merge<embed, head, head_dim>(x);
#ifdef WRONG
  auto y = slice<embed<200>>(wide, 0);
#else
  auto y = slice<embed<192>>(wide, 0);
#endif
  (void)y;
}

// Heads that do not divide the width.
// C009 split embed=512 by head=12: remainder 8
// Why: The parts of a split are the whole axis, each element once. 12 heads of 42 would leave 8 of the 512 columns in no
// head.
// Run time: `split` of a width that is a symbol multiplies the parts when it runs, and throws `shape_error`.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = split<embed, head<12>, head_dim<42>>(x);
#else
  auto y = split<embed, head<8>, head_dim<64>>(x);
#endif
  (void)y;
}

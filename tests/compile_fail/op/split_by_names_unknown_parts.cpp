// Parts by name, of an axis that was never merged: nothing says how many heads there are.
// C029 split embed=512 into head, head_dim: it does not know its parts, give their extents
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = split<embed, head, head_dim>(x);
#else
  auto y = split<embed, head<8>, head_dim<64>>(x);
#endif
  (void)y;
}

// Any number of heads, 60 wide each, as a width of 512.
// C009 merge head=H, head_dim=60 into embed=512: it is no multiple of 60
// Run time: Where 512 is a multiple, `merge` multiplies the parts, and throws `shape_error` where they make another width.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<dyn<"H">>, head_dim<64>> x(bind<"H">(8));
  tensor<float, token<6>, head<dyn<"H">>, head_dim<60>> narrow(bind<"H">(8));
#ifdef WRONG
  auto y = merge<embed<512>, head, head_dim>(narrow);
#else
  auto y = merge<embed<512>, head, head_dim>(x);
  (void)narrow;
#endif
  (void)y;
}

// A value for a symbol that no part has.
// C006 bind<"W">: no such symbol in [head=H, head_dim=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = split<embed, head<dyn<"H">>, head_dim<64>>(x, bind<"W">(64));
#else
  auto y = split<embed, head<dyn<"H">>, head_dim<64>>(x, bind<"H">(8));
#endif
  (void)y;
}

// Two parts that nobody gives a value. One symbol is the rest of the division, two are not.
// C006 split embed into head=H, head_dim=W: bind all symbols but one, as in split<...>(x, bind<"H">(8))
// Why: 512 is 8 times 64 and 64 times 8. With one of the two known, the other follows.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = split<embed, head<dyn<"H">>, head_dim<dyn<"W">>>(x);
#else
  auto y = split<embed, head<dyn<"H">>, head_dim<dyn<"W">>>(x, bind<"H">(8));
#endif
  (void)y;
}

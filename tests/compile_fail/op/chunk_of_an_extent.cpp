// An axis cut into parts, with its extent.
// C040 chunk<embed<512>, 2>: embed is named without its extent, as in chunk<embed, 3>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto [q, k] = chunk<embed<512>, 2>(x);
#else
  auto [q, k] = chunk<embed, 2>(x);
#endif
  (void)q;
  (void)k;
}

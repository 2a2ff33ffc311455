// Slopes of no type.
// C041 alibi_slopes: it is called as in alibi_slopes<float, head<8>>()
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  auto slopes = alibi_slopes(8);
#else
  auto slopes = alibi_slopes<float, head<8>>();
#endif
  (void)slopes;
}

// Slopes are fractions.
// C018 alibi_slopes: the elements are not floating-point
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  auto slopes = alibi_slopes<int, head<8>>();
#else
  auto slopes = alibi_slopes<float, head<8>>();
#endif
  (void)slopes;
}

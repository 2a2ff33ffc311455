// Slopes of heads that are no axis.
// C034 alibi_slopes: template argument 2 is not an axis with its extent, such as head<8>
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  auto slopes = alibi_slopes<float, int>();
#else
  auto slopes = alibi_slopes<float, head<8>>();
#endif
  (void)slopes;
}

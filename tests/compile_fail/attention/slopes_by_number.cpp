// The slopes of so many heads.
// C040 alibi_slopes<float, 8>: an axis has a name and no number, as in alibi_slopes<float, head<8>>()
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  auto slopes = alibi_slopes<float, 8>();
#else
  auto slopes = alibi_slopes<float, head<8>>();
#endif
  (void)slopes;
}

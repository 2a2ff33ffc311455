// As many slopes as the run says.
// C033 alibi_slopes head=H: how many heads there are is a number
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  auto slopes = alibi_slopes<float, head<dyn<"H">>>();
#else
  auto slopes = alibi_slopes<float, head<8>>();
#endif
  (void)slopes;
}

// The mean of nothing.
// C021 mean token=0: an element is needed
// Why: The sum of nothing is 0. Its mean would be 0 / 0.
// Run time: `mean` along a symbol that is 0 throws `shape_error` with the same words.
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, batch<2>, token<0>> x;
  auto y = mean<token>(x);
#else
  tensor<float, batch<2>, token<6>> x;
  auto y = mean<token>(x);
#endif
  (void)y;
}

// The largest of no elements.
// C021 max token=0: an element is needed
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, batch<2>, token<0>> x;
  auto y = max<token>(x);
#else
  tensor<float, batch<2>, token<6>> x;
  auto y = max<token>(x);
#endif
  (void)y;
}

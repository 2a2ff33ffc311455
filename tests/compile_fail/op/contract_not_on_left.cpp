// A sum over an axis that the left side does not have.
// C005 contract: no axis embed on the left [token=6, hidden=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, hidden<64>> x;
  tensor<float, embed<512>, hidden<64>> w;
#ifdef WRONG
  auto y = contract<embed>(x, w);
#else
  auto y = contract<hidden>(x, w);
#endif
  (void)y;
}

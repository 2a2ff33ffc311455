// A sum over an axis that the right side does not have.
// C005 contract: no axis embed on the right [in_features=512, hidden=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
  tensor<float, in_features<512>, hidden<64>> w;
#ifdef WRONG
  auto y = contract<embed>(x, w);
#else
  auto y = contract<embed>(x, rename<in_features, embed>(w));
#endif
  (void)y;
}

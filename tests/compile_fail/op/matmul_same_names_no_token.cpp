// A matrix times itself. A result has no two axes of one name.
// C019 matmul over embed: each side keeps one axis of its own, [hidden=6, embed=512] keeps 0 and [hidden=6, embed=512]
// keeps 0, rename hidden on one side?
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, hidden<6>, embed<512>> x;
#ifdef WRONG
  auto y = matmul<embed>(x, x);
#else
  auto y = matmul<embed>(x, rename<hidden, key>(x));
#endif
  (void)y;
}

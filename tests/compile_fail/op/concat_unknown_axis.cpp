// Rows behind one another along an axis that the tensors do not have.
// C005 concat: no axis key in [token=6, embed=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> a, b;
#ifdef WRONG
  auto y = concat<key>(a, b);
#else
  auto y = concat<token>(a, b);
#endif
  (void)y;
}

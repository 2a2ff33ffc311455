// The extent of an axis that the tensor does not have, as a constant.
// C005 extent_c<key>: no such axis in [token=6, embed=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = extent_c<key>(x);
#else
  auto y = extent_c<token>(x);
#endif
  (void)y;
}

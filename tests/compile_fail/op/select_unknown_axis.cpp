// One position of an axis that the tensor does not have.
// C005 select: no axis head in [batch=2, token=6, embed=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = select<head>(x, 0);
#else
  auto y = select<token>(x, 0);
#endif
  (void)y;
}

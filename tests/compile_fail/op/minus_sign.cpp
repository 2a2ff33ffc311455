// A tensor with the other signs.
// C042 -: of one tensor it is no operator, scaled(x, -1) changes the signs
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)-x;
#else
  (void)scaled(x, -1);
#endif
}

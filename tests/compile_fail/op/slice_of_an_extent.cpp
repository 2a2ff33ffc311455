// Positions of an axis, with its extent.
// C040 slice<token<6>, 0, 3>: token is named without its extent, as in slice<token, 0, 3>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)slice<token<6>, 0, 3>(x);
#else
  (void)slice<token, 0, 3>(x);
#endif
}

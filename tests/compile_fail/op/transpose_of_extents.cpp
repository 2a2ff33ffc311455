// Axes swapped, with their extents.
// C040 transpose<token<6>, embed<512>>: token is named without its extent, as in transpose<token, head>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)transpose<token<6>, embed<512>>(x);
#else
  (void)transpose<token, embed>(x);
#endif
}

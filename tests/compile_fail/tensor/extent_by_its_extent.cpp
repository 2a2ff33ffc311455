// The extent of an axis, asked with an extent.
// C040 extent<token<6>>: token is named without its extent, as in extent<token>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  (void)extent<token<6>>(x);
#else
  (void)extent<token>(x);
#endif
  (void)x;
}

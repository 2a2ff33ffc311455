// Tokens 4, 5 and 6 of six tokens, which count from 0.
// C015 slice token from 4, 3 long: token=6
// Run time: `slice` of an axis that is a symbol throws `shape_error` with the same words.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = slice<token, 4, 3>(x);
#else
  auto y = slice<token, 3, 3>(x);
#endif
  (void)y;
}

// A copy into a tensor that is longer.
// C008 copy_into: token=9 in the target, token=6 in the source
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
  tensor<float, token<9>, embed<512>> cache;
#ifdef WRONG
  copy_into(cache, x);
#else
  copy_into(slice<token, 0, 6>(cache), x);
#endif
}

// Six tokens said to be seven.
// C008 as token=7: it is token=6
// Why: `as` says an extent in another way. It makes no other extent: `slice` does.
// Run time: `as<token<7>>` of an axis that is a symbol throws `shape_error` with the same words.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = as<token<7>>(x);
#else
  auto y = as<token<dyn<"T">>>(x);
#endif
  (void)y;
}

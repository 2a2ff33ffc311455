// A bias for six tokens, added to any number of them.
// C008 +: token=T on the left, token=6 on the right
// Why: Where only the run knows whether they agree, the call that asks it is written out.
// Run time: `as` throws `shape_error` where there are not six.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<dyn<"T">>, embed<512>> x(bind<"T">(6));
  tensor<float, token<6>, embed<512>> bias;
#ifdef WRONG
  auto y = x + bias;
#else
  auto y = as<token<6>>(x) + bias;
#endif
  (void)y;
}

// A comparison along two symbols: nothing says that they are one number.
// C008 max_abs_difference: token=T on the left, token=S on the right
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<dyn<"T">>> a(bind<"T">(6));
  tensor<float, token<dyn<"S">>> b(bind<"S">(6));
#ifdef WRONG
  auto y = max_abs_difference(a, b);
#else
  auto y = max_abs_difference(a, as<token<dyn<"T">>>(b));
#endif
  (void)y;
}

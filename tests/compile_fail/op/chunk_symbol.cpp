// Equal parts of an axis whose extent only the run knows.
// C016 chunk token=T: only the run knows the parts, slice<token<...>>(x, first) names them
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<dyn<"T">>, embed<512>> x(bind<"T">(6));
#ifdef WRONG
  auto parts = chunk<token, 2>(x);
#else
  auto first = slice<token<3>>(x, 0);
  auto parts = chunk<token, 3>(first);
#endif
  (void)parts;
}

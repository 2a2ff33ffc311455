// A sum of which only the run knows a part.
// C012 concat token: a sum of symbols needs a name, as in concat<token<dyn<"N">>>(...)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<dyn<"T">>, embed<512>> a(bind<"T">(6));
  tensor<float, token<3>, embed<512>> b;
#ifdef WRONG
  auto y = concat<token>(a, b);
#else
  auto y = concat<token<dyn<"N">>>(a, b);
#endif
  (void)y;
}

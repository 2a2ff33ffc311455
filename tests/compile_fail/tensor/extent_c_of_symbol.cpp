// A constant of what only the run knows.
// C033 extent_c<token>: only the run knows token=T, extent<token>(x) asks it
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<dyn<"T">>, embed<512>> x(bind<"T">(6));
#ifdef WRONG
  auto y = extent_c<token>(x);
#else
  auto y = extent<token>(x);
#endif
  (void)y;
}

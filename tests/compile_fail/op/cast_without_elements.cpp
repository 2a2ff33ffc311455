// A cast that does not say to what.
// C041 cast: it is called as in cast<float>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = cast(x);
#else
  auto y = cast<double>(x);
#endif
  (void)y;
}

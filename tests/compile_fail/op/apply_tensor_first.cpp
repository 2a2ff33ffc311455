// A function behind the tensor that it is applied to.
// C041 apply: it is called as in apply(f, x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)apply(x, [](float v) { return v + 1; });
#else
  (void)apply([](float v) { return v + 1; }, x);
#endif
}

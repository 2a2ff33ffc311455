// A mean along an axis that is not said.
// C040 mean: no axis is named, as in mean<token>(x)
// Why: Each operation along an axis is told its name: there is no last axis to be meant.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)mean(x);
#else
  (void)mean<token>(x);
#endif
}

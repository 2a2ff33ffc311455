// The axis of a softmax, with its extent.
// C040 softmax<embed<512>>: embed is named without its extent, as in softmax<embed>(x)
// Why: An axis that a tensor has is named once: its extent is known.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)softmax<embed<512>>(x);
#else
  (void)softmax<embed>(x);
#endif
}

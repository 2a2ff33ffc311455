// The axis of a softmax by its place.
// C040 softmax<2>: an axis has a name and no number, as in softmax<embed>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)softmax<2>(x);
#else
  (void)softmax<embed>(x);
#endif
}

// The last axis for a softmax, by its place.
// C040 softmax<-1>: an axis has a name and no number, as in softmax<embed>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)softmax<-1>(x);
#else
  (void)softmax<embed>(x);
#endif
}

// A softmax without a tensor.
// C041 softmax<embed>: it is called as in softmax<embed>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)softmax<embed>();
#else
  (void)softmax<embed>(x);
#endif
  (void)x;
}

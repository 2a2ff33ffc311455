// An element read by names, one of which is missing.
// C004 x(at<...>...): no position for batch of [batch=2, token=6, embed=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  float y = x(at<token>(1), at<embed>(2));
#else
  float y = x(at<batch>(0), at<token>(1), at<embed>(2));
#endif
  (void)y;
}

// The position along one axis given twice, and none along another.
// C004 at<token> is given twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  float y = x(at<token>(1), at<token>(2));
#else
  float y = x(at<token>(1), at<embed>(2));
#endif
  (void)y;
}

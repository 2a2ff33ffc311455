// One axis by name and one by number.
// C004 x(...): give a number for each axis, or at<axis>(number) for each axis
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  float y = x(at<token>(1), 2);
#else
  float y = x(at<token>(1), at<embed>(2));
#endif
  (void)y;
}

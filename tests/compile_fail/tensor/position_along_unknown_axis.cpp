// An element read at a position along an axis that the tensor does not have.
// C005 at<key>: no such axis in [token=6, embed=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  float y = x(at<key>(1), at<embed>(2));
#else
  float y = x(at<token>(1), at<embed>(2));
#endif
  (void)y;
}

// An element of three axes read with two positions.
// C004 x(2 positions): the shape [batch=2, token=6, embed=512] has 3 axes
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  float y = x(1, 2);
#else
  float y = x(1, 2, 0);
#endif
  (void)y;
}

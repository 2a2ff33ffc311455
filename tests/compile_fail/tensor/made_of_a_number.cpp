// A tensor of one number everywhere.
// C046 tensor [batch=2, token=6]: a floating-point number is given, fill(x, value) writes one number everywhere
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, batch<2>, token<6>> x(3.f);
#else
  tensor<float, batch<2>, token<6>> x;
  fill(x, 3.f);
#endif
  (void)x;
}

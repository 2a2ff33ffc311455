// A mean for other columns, subtracted.
// C008 -: embed=512 on the left, embed=256 on the right
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
  tensor<float, embed<256>> mean_of_half;
#ifdef WRONG
  auto y = x - mean_of_half;
#else
  auto y = slice<embed, 0, 256>(x) - mean_of_half;
#endif
  (void)y;
}

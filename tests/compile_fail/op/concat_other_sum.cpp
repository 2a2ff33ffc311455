// Another sum than the parts make.
// C009 concat into token=8: the parts make 9
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> a;
  tensor<float, token<3>, embed<512>> b;
#ifdef WRONG
  auto y = concat<token<8>>(a, b);
#else
  auto y = concat<token<9>>(a, b);
#endif
  (void)y;
}

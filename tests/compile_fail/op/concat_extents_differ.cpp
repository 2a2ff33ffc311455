// Tensors behind one another along token, whose widths differ.
// C008 concat: embed=512 in the first, embed=256 in the second
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> a;
#ifdef WRONG
  tensor<float, token<3>, embed<256>> b;
  auto y = concat<token>(a, b);
#else
  tensor<float, token<3>, embed<512>> b;
  auto y = concat<token>(a, b);
#endif
  (void)y;
}

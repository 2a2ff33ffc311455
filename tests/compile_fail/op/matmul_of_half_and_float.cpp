// A product of half precision and float.
// C018 matmul: the elements are _Float16 and float, cast<float>(x) converts
// Why: Elements that are stored only are computed with in float, and the result is rounded to their type: there is one of them.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<_Float16, token<6>, embed<8>> x;
  tensor<float, embed<8>, vocab<5>> w;
#ifdef WRONG
  auto y = matmul<embed>(x, w);
#else
  auto y = matmul<embed>(x, cast<_Float16>(w));
#endif
  (void)y;
}

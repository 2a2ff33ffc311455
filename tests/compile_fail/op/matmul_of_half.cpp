// A product of matrices of half precision.
// C018 matmul: the elements are _Float16, which is stored and not computed with, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<_Float16, token<6>, embed<8>> x;
  tensor<_Float16, embed<8>, vocab<5>> w;
#ifdef WRONG
  auto y = matmul<embed>(x, w);
#else
  auto y = matmul<embed>(cast<float>(x), cast<float>(w));
#endif
  (void)y;
}

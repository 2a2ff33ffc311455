// A product of float and double.
// C018 matmul: the elements are float and double, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
  tensor<double, embed<512>, hidden<64>> w;
#ifdef WRONG
  auto y = matmul<embed>(x, w);
#else
  auto y = matmul<embed>(x, tensor<float, embed<512>, hidden<64>>(w));
#endif
  (void)y;
}

// A product of float and double.
// C018 contract: the elements are float and double, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  tensor<double, embed<512>, hidden<64>> w;
  auto y = contract<embed>(x, w);
#else
  tensor<float, embed<512>, hidden<64>> w;
  auto y = contract<embed>(x, w);
#endif
  (void)y;
}

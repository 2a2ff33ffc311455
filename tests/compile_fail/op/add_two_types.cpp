// float and double added.
// C018 +: the elements are float and double, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>> a;
#ifdef WRONG
  tensor<double, token<6>> b;
  auto y = a + b;
#else
  tensor<float, token<6>> b;
  auto y = a + b;
#endif
  (void)y;
}

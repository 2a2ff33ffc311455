// float and double added.
// C018 add: the elements are of two types
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

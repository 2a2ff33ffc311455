// A comparison with a tensor that has fewer axes: nothing is repeated.
// C005 max_abs_difference: no axis batch in [token=6]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>> a;
  tensor<float, token<6>> b;
#ifdef WRONG
  auto y = max_abs_difference(a, b);
#else
  auto y = max_abs_difference(select<batch>(a, 0), b);
#endif
  (void)y;
}

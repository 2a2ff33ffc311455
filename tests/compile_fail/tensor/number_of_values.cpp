// Five values for 2 × 3 elements.
// C007 values for [token=2, embed=3]: 6 are needed and 5 given
// Run time: The number of values of a `std::vector` or a `std::span` is compared when the tensor is made, and
// `shape_error` is thrown.
#include <conform/conform.hpp>

#include <array>

using namespace conform;

int main() {
#ifdef WRONG
  std::array<float, 5> values{1, 2, 3, 4, 5};
  tensor<float, token<2>, embed<3>> x(values);
#else
  std::array<float, 6> values{1, 2, 3, 4, 5, 6};
  tensor<float, token<2>, embed<3>> x(values);
#endif
  (void)x;
}

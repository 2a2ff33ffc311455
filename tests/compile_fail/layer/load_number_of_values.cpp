// Five values for a matrix of 2 × 3.
// C007 load [in_features=2, out_features=3]: 6 values are needed and 5 given
// Run time: The number of values of a `std::vector` or a `std::span` is compared when they are loaded, and
// `shape_error` is thrown.
#include <conform/conform.hpp>

#include <array>

using namespace conform;

int main() {
  linear<float, embed<2>, hidden<3>> layer;
#ifdef WRONG
  std::array<float, 5> values{1, 2, 3, 4, 5};
  load(layer.weight, out_by_in, values);
#else
  std::array<float, 6> values{1, 2, 3, 4, 5, 6};
  load(layer.weight, out_by_in, values);
#endif
}

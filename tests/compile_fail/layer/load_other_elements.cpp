// Weights of double for a layer of float.
// C018 load: the values are double, and those of the parameter float
#include <conform/conform.hpp>

#include <array>

using namespace conform;

int main() {
  linear<float, embed<2>, hidden<3>> layer;
#ifdef WRONG
  std::array<double, 6> values{1, 2, 3, 4, 5, 6};
  load(layer.weight, in_by_out, values);
#else
  std::array<float, 6> values{1, 2, 3, 4, 5, 6};
  load(layer.weight, in_by_out, values);
#endif
}

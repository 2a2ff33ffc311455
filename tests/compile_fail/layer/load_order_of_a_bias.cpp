// An order for the values of a bias, which has one axis.
// C032 load: [out_features=3] is no matrix of weights, leave out its order
#include <conform/conform.hpp>

#include <array>

using namespace conform;

int main() {
  linear<float, embed<2>, hidden<3>> layer;
  std::array<float, 3> values{1, 2, 3};
#ifdef WRONG
  load(layer.bias, out_by_in, values);
#else
  load(layer.bias, values);
#endif
}

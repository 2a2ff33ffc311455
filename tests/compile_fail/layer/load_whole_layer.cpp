// Values for a layer: they go to one of its parameters.
// C003 load: the first argument is a parameter, such as layer.weight
#include <conform/conform.hpp>

#include <array>

using namespace conform;

int main() {
  linear<float, embed<2>, hidden<3>> layer;
  std::array<float, 3> values{1, 2, 3};
#ifdef WRONG
  load(layer, values);
#else
  load(layer.bias, values);
#endif
}

// Numbers one by one in the place of values.
// C041 load: it is called as in load(layer.weight, out_by_in, values)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  linear<float, embed<3>, hidden<2>> layer;
#ifdef WRONG
  load(layer.bias, 3, 4);
#else
  load(layer.bias, std::array{3.f, 4.f});
#endif
}

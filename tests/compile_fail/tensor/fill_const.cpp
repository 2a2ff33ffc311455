// A const tensor filled.
// C018 fill: the elements are const float
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, token<6>> const x;
  fill(x, 1);
#else
  tensor<float, token<6>> x;
  fill(x, 1);
#endif
}

// A plain number among the axes, as in a list of sizes. An axis is a name with its extent.
// C034 shape: an argument is not an axis with its extent, such as token<6>
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, batch<2>, int> x;
#else
  tensor<float, batch<2>, token<6>> x;
#endif
  (void)x;
}

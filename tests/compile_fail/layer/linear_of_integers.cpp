// Weights that are integers.
// C018 linear: its elements are float or double, not int
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  linear<int, embed<512>, hidden<2048>> y;
#else
  linear<float, embed<512>, hidden<2048>> y;
#endif
  (void)y;
}

// Scale and bias that are integers.
// C018 layer_normalization: its elements are float or double, not int
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  layer_normalization<int, embed<512>> y;
#else
  layer_normalization<float, embed<512>> y;
#endif
  (void)y;
}

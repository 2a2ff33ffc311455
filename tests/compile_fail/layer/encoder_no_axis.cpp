// The setting of a bias where the inner width belongs.
// C034 encoder_layer: template argument 4 is not an axis with its extent, such as embed<512>
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  encoder_layer<float, embed<512>, head<8>, without_bias> y;
#else
  encoder_layer<float, embed<512>, head<8>, hidden<2048>> y;
#endif
  (void)y;
}

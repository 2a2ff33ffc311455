// A number among the options of an encoder layer.
// C026 encoder_layer: argument 2 is a number and no option, say scale of it
#include <conform/conform.hpp>
using namespace conform;

int main() {
  encoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = layer(x, 0.125);
#else
  auto y = layer(x, scale(0.125));
#endif
  (void)y;
}

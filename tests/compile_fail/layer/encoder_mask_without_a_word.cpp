// A mask behind the input, as PyTorch takes it.
// C026 encoder_layer: argument 2 is a tensor and no option, say attend_where, ignore_where or add_bias of it
#include <conform/conform.hpp>
using namespace conform;

int main() {
  encoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, token<6>, embed<512>> x;
  tensor<bool, token<6>, key<6>> mask;
#ifdef WRONG
  auto y = layer(x, mask);
#else
  auto y = layer(x, attend_where(mask));
#endif
  (void)y;
}

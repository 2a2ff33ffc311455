// The input in the place of the target, and an option in that of the input.
// C003 encoder_layer.into: the target, which comes first, is no tensor
#include <conform/conform.hpp>
using namespace conform;

int main() {
  encoder_layer<float, embed<64>, head<8>, hidden<256>> layer;
  tensor<float, token<6>, embed<64>> x, y;
#ifdef WRONG
  layer.into(causal, x, y);
#else
  layer.into(y, x, causal);
#endif
}

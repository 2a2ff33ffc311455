// A stack of decoder layers without the encoder's result.
// C003 layer_stack: decoder_layer: the second argument is the memory [..., key, width], a tensor; encoder_layer does without
#include <conform/conform.hpp>
using namespace conform;

int main() {
  layer_stack<decoder_layer<float, embed<512>, head<8>, hidden<2048>>, 6> stack;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, key<9>, embed<512>> memory;
#ifdef WRONG
  auto y = stack(x, to_self(causal));
#else
  auto y = stack(x, memory, to_self(causal));
#endif
  (void)y;
}

// The number of tokens, for the tokens.
// C003 decoder_layer: the first argument is the tokens [..., token, width], a tensor
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, key<9>, embed<512>> memory;
#ifdef WRONG
  auto y = layer(6, memory);
#else
  auto y = layer(x, memory);
#endif
  (void)y;
}

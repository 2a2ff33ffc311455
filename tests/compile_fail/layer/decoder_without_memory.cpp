// A decoder layer without the encoder's result.
// C003 decoder_layer: the second argument is the memory [..., key, width], a tensor; encoder_layer does without
// Why: A model of a decoder only, such as GPT, is made of `encoder_layer`s that are called with `causal`.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = layer(x);
#else
  tensor<float, batch<2>, key<9>, embed<512>> memory;
  auto y = layer(x, memory);
#endif
  (void)y;
}

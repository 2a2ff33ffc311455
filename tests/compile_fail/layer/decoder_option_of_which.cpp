// An option that does not say which of the two attentions it is for.
// C026 decoder_layer: argument 3 does not say for which attention, put options in to_self(...) or to_memory(...)
// Why: A decoder layer attends twice: to its own tokens, and to the memory. A mask that goes to the wrong one is not noticed
// where both have as many keys.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, key<9>, embed<512>> memory;
#ifdef WRONG
  auto y = layer(x, memory, causal);
#else
  auto y = layer(x, memory, to_self(causal));
#endif
  (void)y;
}

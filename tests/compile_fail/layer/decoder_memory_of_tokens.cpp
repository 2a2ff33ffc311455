// The encoder's tokens as they are for a memory: they are the keys there.
// C005 decoder_layer: to memory: no axis key in the memory [batch=2, token=9, embed=512], call rename<token, key>
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, token<9>, embed<512>> encoded;
#ifdef WRONG
  auto y = layer(x, encoded, to_self(causal));
#else
  auto y = layer(x, rename<token, key>(encoded), to_self(causal));
#endif
  (void)y;
}

// Causal cross-attention of 3 tokens to 5 keys.
// C024 multi_head_attention: causal with token=3, key=5: say which corner, causal_from_start or causal_to_end
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, token<3>, embed<512>> x;
  tensor<float, key<5>, embed<512>> memory;
#ifdef WRONG
  auto y = mha(x, memory, causal);
#else
  auto y = mha(x, memory, causal_to_end);
#endif
  (void)y;
}

// PyTorch's is_causal=True as a bare value: which corner the diagonal meets, the code says with a word.
// C026 multi_head_attention: argument 2 is a bool and no option, say causal or leave it out
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = mha(x, true);
#else
  auto y = mha(x, causal);
#endif
  (void)y;
}

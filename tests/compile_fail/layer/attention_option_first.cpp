// The option stands before the input.
// C003 multi_head_attention: argument 1 is not a tensor
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = mha(causal, x);
#else
  auto y = mha(x, causal);
#endif
  (void)y;
}

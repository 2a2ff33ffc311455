// A named argument, as another language has it.
// C045 causal: an option is not assigned, say causal or leave it out
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, causal = true);
#else
  auto y = attention(q, k, v, causal);
#endif
  (void)y;
}

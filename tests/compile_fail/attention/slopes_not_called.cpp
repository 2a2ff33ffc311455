// A function in the place of what it gives.
// C026 attention: argument 5 is a function and no option, call it
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, causal, alibi_slopes<float, head<8>>);
#else
  auto y = attention(q, k, v, causal, alibi(alibi_slopes<float, head<8>>()));
#endif
  (void)y;
}

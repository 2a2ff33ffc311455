// One slope for all heads, as a number.
// C045 alibi: a tensor of slopes, such as alibi_slopes<float, head<8>>(), is needed, and a floating-point number is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, causal, alibi(0.5f));
#else
  auto y = attention(q, k, v, causal, alibi(alibi_slopes<float, head<8>>()));
#endif
  (void)y;
}

// The distances of ALiBi, without their slopes.
// C026 attention: argument 5 is alibi alone, a tensor of slopes, such as alibi_slopes<float, head<8>>(), is needed
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, causal, alibi);
#else
  auto y = attention(q, k, v, causal, alibi(alibi_slopes<float, head<8>>()));
#endif
  (void)y;
}

// Parentheses behind an option that takes nothing.
// C045 causal: it takes no arguments, leave out the parentheses
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, causal());
#else
  auto y = attention(q, k, v, causal);
#endif
  (void)y;
}

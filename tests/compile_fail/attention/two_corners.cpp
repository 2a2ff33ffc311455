// Two words about where the queries stand.
// C026 attention: causal and queries_from both say where the queries stand
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<9>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, causal_to_end, queries_from(2));
#else
  auto y = attention(q, k, v, causal, queries_from(3));
#endif
  (void)y;
}

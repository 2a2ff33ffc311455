// Scores are capped once.
// C026 attention: softcap is given twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, softcap(50), softcap(30));
#else
  auto y = attention(q, k, v, softcap(50));
#endif
  (void)y;
}

// Distances between queries and keys, where nobody says at which key the queries begin.
// C024 alibi with token=6, key=9: say which corner, from_start or to_end
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<9>, head_dim<64>> k, v;
  tensor<float, head<8>> slopes;
#ifdef WRONG
  auto y = attention(q, k, v, alibi(slopes));
#else
  auto y = attention(q, k, v, alibi(slopes), queries_from(3));
#endif
  (void)y;
}

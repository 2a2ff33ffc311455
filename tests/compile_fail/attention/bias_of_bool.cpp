// A mask of bool that is added to the scores.
// C018 add_bias: the elements are of the queries' type, a bool mask goes to attend_where or ignore_where
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  tensor<bool, token<6>, key<6>> mask;
#ifdef WRONG
  auto y = attention(q, k, v, add_bias(mask));
#else
  auto y = attention(q, k, v, attend_where(mask));
#endif
  (void)y;
}

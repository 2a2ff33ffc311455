// A bias for each head and query.
// C047 add_bias: no axis key in [head=8, token=6], one number for all keys of a query changes no weight
// Why: The softmax does not see what is added to all keys of a query alike.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  tensor<float, head<8>, token<6>> bias;
  tensor<float, head<8>, key<6>> by_key;
  (void)bias, (void)by_key;
#ifdef WRONG
  auto y = attention(q, k, v, add_bias(bias));
#else
  auto y = attention(q, k, v, add_bias(by_key));
#endif
  (void)y;
}

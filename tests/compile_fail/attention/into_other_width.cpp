// A target as wide as the queries, for values of another width.
// C008 attention_into: value_dim=64 in the target, value_dim=32 in the result
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head_dim<64>> q;
  tensor<float, key<9>, head_dim<64>> k;
  tensor<float, key<9>, value_dim<32>> v;
#ifdef WRONG
  tensor<float, token<6>, value_dim<64>> context;
  attention_into(context, q, k, v);
#else
  tensor<float, token<6>, value_dim<32>> context;
  attention_into(context, q, k, v);
#endif
}

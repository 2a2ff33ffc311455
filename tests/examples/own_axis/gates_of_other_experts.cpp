// Gates for two experts, where the values are those of three.
// C008 expert_attention: expert=3 sets of values, and gates for expert=2, give each a gate
#include "../../../examples/own_axis.hpp"
using namespace mine;

int main() {
  tensor<float, head<4>, token<6>, head_dim<16>> q;
  tensor<float, head<4>, key<9>, head_dim<16>> k;
  tensor<float, head<4>, expert<3>, key<9>, value_dim<8>> v;
#ifdef WRONG
  tensor<float, token<6>, expert<2>> gates;
  auto y = expert_attention(q, k, v, gates);
#else
  tensor<float, token<6>, expert<3>> gates;
  auto y = expert_attention(q, k, v, gates);
#endif
  (void)y;
}

// What its products refuse is said in the name of the operation that a user called.
// C008 expert_attention of keys and values: contract: key=9 on the left, key=8 on the right
#include "../../../examples/own_axis.hpp"
using namespace mine;

int main() {
  tensor<float, head<4>, token<6>, head_dim<16>> q;
  tensor<float, head<4>, key<9>, head_dim<16>> k;
  tensor<float, token<6>, expert<3>> gates;
#ifdef WRONG
  tensor<float, head<4>, expert<3>, key<8>, value_dim<8>> v;
  auto y = expert_attention(q, k, v, gates);
#else
  tensor<float, head<4>, expert<3>, key<9>, value_dim<8>> v;
  auto y = expert_attention(q, k, v, gates);
#endif
  (void)y;
}

// A target without heads for a result of eight heads.
// C005 attention_into: no axis head in [batch=2, token=6, head_dim=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> q;
  tensor<float, batch<2>, head<8>, key<9>, head_dim<64>> k, v;
#ifdef WRONG
  tensor<float, batch<2>, token<6>, head_dim<64>> context;
  attention_into(context, q, k, v);
#else
  tensor<float, batch<2>, token<6>, head<8>, head_dim<64>> context;
  attention_into(context, q, k, v);
#endif
}

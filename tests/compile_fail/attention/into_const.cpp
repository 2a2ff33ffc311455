// A target that cannot be written to.
// C018 attention_into: the elements of the target are const
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head_dim<64>> q;
  tensor<float, key<9>, head_dim<64>> k, v;
#ifdef WRONG
  tensor<float, token<6>, head_dim<64>> const context;
  attention_into(context, q, k, v);
#else
  tensor<float, token<6>, head_dim<64>> context;
  attention_into(context, q, k, v);
#endif
}

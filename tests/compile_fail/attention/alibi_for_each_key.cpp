// A slope belongs to a head, not to a key.
// C020 alibi: one for each key is too many, one for each sequence or head
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  tensor<float, key<6>> wrong;
  tensor<float, head<8>> slopes;
#ifdef WRONG
  auto y = attention(q, k, v, alibi(wrong));
#else
  auto y = attention(q, k, v, alibi(slopes));
#endif
  (void)y;
}

// A length for each query is a mask; lengths are those of whole sequences.
// C020 key_lengths: one for each token is too many, one for each sequence or head
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  tensor<int, token<6>> lengths;
  tensor<bool, token<6>, key<6>> visible;
#ifdef WRONG
  auto y = attention(q, k, v, key_lengths(lengths));
#else
  auto y = attention(q, k, v, attend_where(visible));
#endif
  (void)y;
}

// Lengths count keys: they are integers, not a mask.
// C018 key_lengths: the elements are integers
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  tensor<float, head<8>> wrong;
  tensor<int, head<8>> lengths;
#ifdef WRONG
  auto y = attention(q, k, v, key_lengths(wrong));
#else
  auto y = attention(q, k, v, key_lengths(lengths));
#endif
  (void)y;
}

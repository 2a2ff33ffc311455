// Packed sequences end where the next one begins.
// C026 attention: packed and key_lengths both say where sequences end
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<100>, head_dim<64>> q;
  tensor<float, head<8>, key<100>, head_dim<64>> k, v;
  tensor<int, batch<9>> offsets;
#ifdef WRONG
  auto y = attention(q, k, v, packed(offsets), key_lengths(40));
#else
  auto y = attention(q, k, v, packed(offsets));
#endif
  (void)y;
}

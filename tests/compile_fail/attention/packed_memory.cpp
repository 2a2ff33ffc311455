// Packed sequences attend to packed memories, which begin elsewhere.
// C008 packed: token=100 and key=120, give offsets for both
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<100>, head_dim<64>> q;
  tensor<float, head<8>, key<120>, head_dim<64>> k, v;
  tensor<int, batch<9>> offsets, memory_offsets;
#ifdef WRONG
  auto y = attention(q, k, v, packed(offsets));
#else
  auto y = attention(q, k, v, packed(offsets, memory_offsets));
#endif
  (void)y;
}

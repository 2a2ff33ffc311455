// Where sequences begin, and not which tokens they have.
// C018 packed: the elements are integers, not bool
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<100>, head_dim<64>> q;
  tensor<float, head<8>, key<100>, head_dim<64>> k, v;
  tensor<bool, token<100>> mask;
  tensor<int, batch<9>> offsets;
#ifdef WRONG
  auto y = attention(q, k, v, packed(mask));
#else
  auto y = attention(q, k, v, packed(offsets));
#endif
  (void)y;
}

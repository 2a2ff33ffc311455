// Offsets without an axis.
// C045 packed: a tensor of offsets, or two, is needed, and a list in braces is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, packed({0, 2, 6}));
#else
  auto y = attention(q, k, v, packed(tensor<int, batch<3>>{0, 2, 6}));
#endif
  (void)y;
}

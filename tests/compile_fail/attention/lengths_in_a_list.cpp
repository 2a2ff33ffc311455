// The lengths of sequences without their axis.
// C045 key_lengths: an integer or a tensor of integers is needed, and a list in braces is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> q;
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, key_lengths({3, 4}));
#else
  auto y = attention(q, k, v, key_lengths(tensor<int, batch<2>>{3, 4}));
#endif
  (void)y;
}

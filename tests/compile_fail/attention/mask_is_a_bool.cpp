// A mask for all keys at once.
// C045 attend_where: a tensor of bool is needed, and a bool is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  tensor<bool, token<6>, key<6>> visible;
#ifdef WRONG
  auto y = attention(q, k, v, attend_where(true));
#else
  auto y = attention(q, k, v, attend_where(visible));
#endif
  (void)y;
}

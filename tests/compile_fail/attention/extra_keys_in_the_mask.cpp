// A mask is about the sequence; the extra key behind it has no column.
// C008 attend_where: key=7, and the scores have key=6 without extra_keys<1>
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<7>, head_dim<64>> k, v;
  tensor<bool, key<7>> wrong;
  tensor<bool, key<6>> visible;
#ifdef WRONG
  auto y = attention(q, k, v, extra_keys<1>, attend_where(wrong));
#else
  auto y = attention(q, k, v, extra_keys<1>, attend_where(visible));
#endif
  (void)y;
}

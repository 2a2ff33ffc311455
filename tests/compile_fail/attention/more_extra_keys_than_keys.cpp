// More keys outside the sequence than there are.
// C015 extra_keys<3>: there are key=2
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<2>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, extra_keys<3>);
#else
  auto y = attention(q, k, v, extra_keys<2>);
#endif
  (void)y;
}

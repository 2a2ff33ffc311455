// Two windows: which of them?
// C026 attention: window is given twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, window<2, 0>, window_of(1, 1));
#else
  auto y = attention(q, k, v, window<2, 0>);
#endif
  (void)y;
}

// A window that says how far back, and not how far forward.
// C026 attention: argument 4 is window alone, a second side, as in window<3, 0>, is needed
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, window<3>);
#else
  auto y = attention(q, k, v, window<3, 0>);
#endif
  (void)y;
}

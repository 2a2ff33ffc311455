// Sines in the place of cosines.
// C036 rotary: cosines and sines are swapped, it takes (x, cos, sin)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> q;
  auto const [cos, sin] = rotary_table<float, token<2048>, head_dim<64>>();
#ifdef WRONG
  (void)rotary<token, head_dim>(q, sin, cos);
#else
  (void)rotary<token, head_dim>(q, cos, sin);
#endif
}

// Positions that are no integers.
// C018 rotary: positions are integers
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  auto const [cos, sin] = rotary_table<float, token<2048>, head_dim<64>>();
#ifdef WRONG
  tensor<float, token<6>> ids{0, 1, 2, 0, 1, 2};
  auto y = rotary<token, head_dim>(q, cos, sin, positions_at(ids));
#else
  tensor<int, token<6>> ids{0, 1, 2, 0, 1, 2};
  auto y = rotary<token, head_dim>(q, cos, sin, positions_at(ids));
#endif
  (void)y;
}

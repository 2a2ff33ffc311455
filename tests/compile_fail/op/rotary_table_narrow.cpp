// A table for half of the width: the second half of each head would stay as it was.
// C036 rotary: rotary_pair=16 turns 32 elements, head_dim=64 (partial_rotary passes the rest on)
// Why: A table that is narrower than the head may be meant for another model. `partial_rotary` says that it is meant.
// Run time: `rotary` of a width that is a symbol throws `shape_error` with the same words.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
#ifdef WRONG
  auto const [cos, sin] = rotary_table<float, token<2048>, head_dim<32>>();
  auto y = rotary<token, head_dim>(q, cos, sin);
#else
  auto const [cos, sin] = rotary_table<float, token<2048>, head_dim<64>>();
  auto y = rotary<token, head_dim>(q, cos, sin);
#endif
  (void)y;
}

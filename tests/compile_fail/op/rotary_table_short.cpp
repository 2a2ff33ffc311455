// More positions than the table has.
// C036 rotary: 600 positions along token, the table has token=512
// Run time: `rotary` throws `shape_error` where an extent is a symbol, and where `positions_from(n)` begins too late.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<600>, head_dim<64>> q;
#ifdef WRONG
  auto const [cos, sin] = rotary_table<float, token<512>, head_dim<64>>();
  auto y = rotary<token, head_dim>(q, cos, sin);
#else
  auto const [cos, sin] = rotary_table<float, token<2048>, head_dim<64>>();
  auto y = rotary<token, head_dim>(q, cos, sin);
#endif
  (void)y;
}

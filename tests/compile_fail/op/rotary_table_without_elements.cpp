// A table without the type of its elements.
// C041 rotary_table<token<2048>, head_dim<64>>: it is called as in rotary_table<float, token<2048>, head_dim<64>>()
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  auto [cos, sin] = rotary_table<token<2048>, head_dim<64>>();
#else
  auto [cos, sin] = rotary_table<float, token<2048>, head_dim<64>>();
#endif
  (void)cos;
  (void)sin;
}

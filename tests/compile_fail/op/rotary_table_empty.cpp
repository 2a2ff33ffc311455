// A table for a width of nothing.
// C036 rotary_table head_dim=0: there is no pair to turn
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  (void)rotary_table<float, token<2048>, head_dim<0>>();
#else
  (void)rotary_table<float, token<2048>, head_dim<64>>();
#endif
}

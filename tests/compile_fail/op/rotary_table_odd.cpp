// A table for an odd width.
// C036 rotary_table head_dim=63: elements are turned in pairs, and it is odd
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  auto tables = rotary_table<float, token<2048>, head_dim<63>>();
#else
  auto tables = rotary_table<float, token<2048>, head_dim<64>>();
#endif
  (void)tables;
}

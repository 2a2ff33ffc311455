// Sines and cosines of an odd width.
// C016 sinusoidal_positions embed=63: sines and cosines come in pairs, remainder 1
// Run time: an odd width that only the run knows throws `shape_error`.
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  auto y = sinusoidal_positions<float, token<6>, embed<63>>();
#else
  auto y = sinusoidal_positions<float, token<6>, embed<64>>();
#endif
  (void)y;
}

// As many positions as only the run knows, and no value for them.
// C006 token=T has no value: add bind<"T">(...)
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  auto y = sinusoidal_positions<float, token<dyn<"T">>, embed<64>>();
#else
  auto y = sinusoidal_positions<float, token<dyn<"T">>, embed<64>>(bind<"T">(17));
#endif
  (void)y;
}

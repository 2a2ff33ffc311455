// A linear layer that does not say what it gives.
// C034 linear: template argument 3 is left out, an axis with its extent, such as embed<512>
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  linear<float, embed<512>> layer;
#else
  linear<float, embed<512>, hidden<2048>> layer;
#endif
  (void)layer;
}

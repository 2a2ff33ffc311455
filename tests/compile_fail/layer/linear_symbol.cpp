// A matrix of weights whose width only the run would know.
// C027 linear: embed=E is no number, and a parameter's extents are
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  linear<float, embed<dyn<"E">>, hidden<2048>> y;
#else
  linear<float, embed<512>, hidden<2048>> y;
#endif
  (void)y;
}

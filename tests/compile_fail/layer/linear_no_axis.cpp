// A width as a bare type: an axis has a name and an extent.
// C034 linear: template argument 3 is not an axis with its extent, such as embed<512>
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  linear<float, embed<512>, float> y;
#else
  linear<float, embed<512>, hidden<2048>> y;
#endif
  (void)y;
}

// A normalisation that does not say along what.
// C034 rms_normalization: template argument 2 is left out, an axis with its extent, such as embed<512>
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  rms_normalization<float> norm;
#else
  rms_normalization<float, embed<512>> norm;
#endif
  (void)norm;
}

// More elements than memory can hold: 2^60 tokens of width 512.
// C002 shape [token=1152921504606846976, embed=512]: more elements than memory can hold
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, token<(1ull << 60)>, embed<512>> x;
#else
  tensor<float, token<1024>, embed<512>> x;
#endif
  (void)x;
}

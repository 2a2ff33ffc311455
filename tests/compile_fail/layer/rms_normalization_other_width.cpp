// An RMS normalisation of tokens is given heads.
// C005 rms_normalization: no axis embed in [head=8, token=6, head_dim=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> x;
#ifdef WRONG
  rms_normalization<float, embed<512>> norm;
  auto y = norm(x);
#else
  rms_normalization<float, head_dim<64>> norm;
  auto y = norm(x);
#endif
  (void)y;
}

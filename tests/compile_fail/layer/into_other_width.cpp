// A target of the inner width for a result of the outer one.
// C008 feed_forward.into: embed=256 in the target, embed=64 in the result
#include <conform/conform.hpp>
using namespace conform;

int main() {
  feed_forward<float, embed<64>, hidden<256>> layer;
  tensor<float, token<6>, embed<64>> x;
#ifdef WRONG
  tensor<float, token<6>, embed<256>> y;
  layer.into(y, x);
#else
  tensor<float, token<6>, embed<64>> y;
  layer.into(y, x);
#endif
}

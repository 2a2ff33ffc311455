// A target that cannot be written to.
// C018 linear.into: the elements of the target are const
#include <conform/conform.hpp>
using namespace conform;

int main() {
  linear<float, embed<64>, embed<64>> layer;
  tensor<float, token<6>, embed<64>> x;
#ifdef WRONG
  tensor<float, token<6>, embed<64>> const y;
  layer.into(y, x);
#else
  tensor<float, token<6>, embed<64>> y;
  layer.into(y, x);
#endif
}

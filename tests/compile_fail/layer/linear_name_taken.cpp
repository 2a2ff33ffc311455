// The output of a layer is called as another axis of its input.
// C013 linear: there is an axis token already in [token=6, embed=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  linear<float, embed<512>, token<10>> layer;
  auto y = layer(x);
#else
  linear<float, embed<512>, hidden<10>> layer;
  auto y = layer(x);
#endif
  (void)y;
}

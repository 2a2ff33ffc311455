// A scale for each token and column, where a norm has one for each column.
// C022 layer_norm: a parameter has the axis embed and no other, not [token=6, embed=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
  tensor<float, embed<512>> bias;
#ifdef WRONG
  tensor<float, token<6>, embed<512>> scale;
  auto y = layer_norm<embed>(x, scale, bias);
#else
  tensor<float, embed<512>> scale;
  auto y = layer_norm<embed>(x, scale, bias);
#endif
  (void)y;
}

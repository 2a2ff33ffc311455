// Values of 3 sentences for the queries and keys of 2.
// C008 multi_head_attention: batch=2 in the input, batch=3 in the values
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, key<9>, embed<512>> keys;
#ifdef WRONG
  tensor<float, batch<3>, key<9>, embed<512>> values;
  auto y = mha(x, keys, values);
#else
  tensor<float, batch<2>, key<9>, embed<512>> values;
  auto y = mha(x, keys, values);
#endif
  (void)y;
}

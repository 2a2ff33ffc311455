// A mask behind keys and values: whether it shows or hides, the code says with a word.
// C026 multi_head_attention: argument 4 is a tensor and no option, say attend_where, ignore_where or add_bias of it
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, token<6>, embed<512>> x;
  tensor<float, key<9>, embed<512>> keys, values;
  tensor<bool, key<9>> padding;
#ifdef WRONG
  auto y = mha(x, keys, values, padding);
#else
  auto y = mha(x, keys, values, ignore_where(padding));
#endif
  (void)y;
}

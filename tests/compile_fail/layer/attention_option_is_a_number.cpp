// A number among the options: what it scales, the code says with a word.
// C026 multi_head_attention: argument 2 is a number and no option, say scale of it
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = mha(x, 0.125);
#else
  auto y = mha(x, scale(0.125));
#endif
  (void)y;
}

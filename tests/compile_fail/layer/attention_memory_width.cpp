// A memory whose width is another one than the keys are made from.
// C008 multi_head_attention: the memory as keys: linear embed=512 to embed=512: the input has embed=256
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  tensor<float, key<9>, embed<256>> memory;
  auto y = mha(x, memory);
#else
  tensor<float, key<9>, embed<512>> memory;
  auto y = mha(x, memory);
#endif
  (void)y;
}

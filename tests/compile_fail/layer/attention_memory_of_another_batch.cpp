// Cross-attention of 2 sentences to the memory of 3.
// C008 multi_head_attention: batch=2 in the input, batch=3 in the memory
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  tensor<float, batch<3>, key<9>, embed<512>> memory;
  auto y = mha(x, memory);
#else
  tensor<float, batch<2>, key<9>, embed<512>> memory;
  auto y = mha(x, memory);
#endif
  (void)y;
}

// A memory whose positions are still called token. As keys, they are told apart from the tokens that ask.
// C005 multi_head_attention: no axis key in the memory [batch=2, token=9, embed=512], call rename<token, key>
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, token<9>, embed<512>> memory;
#ifdef WRONG
  auto y = mha(x, memory);
#else
  auto y = mha(x, rename<token, key>(memory));
#endif
  (void)y;
}

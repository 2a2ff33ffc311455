// A call without an input.
// C003 multi_head_attention: no tensor is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = mha();
#else
  auto y = mha(x);
#endif
  (void)y;
}

// An option by its name in quotes.
// C026 multi_head_attention: argument 2 is none of the options causal, attend_where, ignore_where, add_bias, scale
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = mha(x, "causal");
#else
  auto y = mha(x, causal);
#endif
  (void)y;
}

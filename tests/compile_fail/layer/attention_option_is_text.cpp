// An option by its name in quotes.
// C026 multi_head_attention: argument 2 is no option of attention, such as causal or scale
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

// The context is drawn, and not the weights that made it.
// C005 attention_map<key>: no such axis in [batch=2, token=6, embed=512]
#include <conform/conform.hpp>
#include <conform/show/attention_map.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = attention_map(mha(x, causal));
#else
  auto y = attention_map(mha.weights(x, causal));
#endif
  (void)y;
}

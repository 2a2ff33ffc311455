// A setting that the layer does not know.
// C027 multi_head_attention: template argument 4 is none of head_dim, value_dim, kv_head, an output width, keys_from,
// values_from, with_bias, without_bias
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<float, embed<512>, head<8>, int> mha;
#else
  multi_head_attention<float, embed<512>, head<8>, without_bias> mha;
#endif
  (void)mha;
}

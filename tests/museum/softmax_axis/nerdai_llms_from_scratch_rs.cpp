// softmax(.., 1) was over the tokens with three axes and over the heads with four, in both cases not over the keys. So
// it was in CausalAttention and in MultiHeadAttention of a book's listings in Rust. The author repaired both.
// https://github.com/nerdai/llms-from-scratch-rs/pull/30
// C031 weighted_sum key: the weights are a distribution over head, not over key
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<2>, token<6>, key<6>> masked;
  tensor<float, batch<2>, head<2>, key<6>, head_dim<16>> values;
#ifdef WRONG
  auto context = weighted_sum<key>(softmax<head>(masked), values);
#else
  auto context = weighted_sum<key>(softmax<key>(masked), values);
#endif
  (void)context;
}

// Softmax(dim=2) was over the keys until the multi-head attention, which calls the same code, added an axis. From then
// on it was over the queries. A reader of the code wrote that it is wrong with four dimensions.
// https://github.com/FudanNLP/fastNLP/issues/254
// C031 weighted_sum key: the weights are a distribution over token, not over key
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<4>, token<10>, head_dim<16>> q;
  tensor<float, batch<2>, head<4>, key<10>, head_dim<16>> k, v;
  auto scores = matmul<head_dim>(q, k);
#ifdef WRONG
  auto output = weighted_sum<key>(softmax<token>(scores), v);
#else
  auto output = weighted_sum<key>(softmax<key>(scores), v);
#endif
  (void)output;
}

// Softmax over an axis of one element is 1: the attention of the published model (WSDM 2019) did nothing. A reader saw
// that all results of softmax were 1.0. The first answer, over rows of tokens and batch together, was wrong as well.
// https://github.com/DEEP-PolyU/KEQA_WSDM19/issues/2
// C031 weighted_sum token: the weights are a distribution over score, not over token
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct score : axis<"score", N> {};

int main() {
  tensor<float, token<8>, batch<2>, score<1>> attn;    // rows of token * batch there
  tensor<float, token<8>, batch<2>, embed<32>> outputs;
#ifdef WRONG
  auto pooled = weighted_sum<token>(softmax<score>(attn), outputs);
#else
  auto pooled = weighted_sum<token>(softmax<token>(attn), outputs);
#endif
  (void)pooled;
}

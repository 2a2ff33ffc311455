// A tensor of biases where a function is wanted.
// C045 score_mod: a function, which tensors may follow, is needed, and a tensor is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  tensor<float, token<6>, key<6>> bias;
#ifdef WRONG
  auto y = attention(q, k, v, score_mod(bias));
#else
  auto y = attention(q, k, v, score_mod([](float score, auto, auto, float b) { return score + b; }, bias));
#endif
  (void)y;
}

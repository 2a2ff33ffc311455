// A transposition that turned round all three axes made the batch the last one, and softmax was over the batch. So the
// weights of a sentence depended on who else was in its batch. The shapes fit because both sentences are padded to one
// length.
// https://github.com/HsiaoYetGun/ESIM/issues/10
// C031 weighted_sum token: the weights are a distribution over batch, not over token
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<4>, token<4>, key<4>> e;      // a word of a sentence and one of the other
  tensor<float, batch<4>, token<4>, embed<32>> a;   // the words of the first sentence
#ifdef WRONG
  auto b_hat = weighted_sum<token>(softmax<batch>(e), a);
#else
  auto b_hat = weighted_sum<token>(softmax<token>(e), a);
#endif
  (void)b_hat;
}

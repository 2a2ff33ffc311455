// A function of the batch, of queries without one.
// C005 score_mod: no axis batch of the scores [head=8, token=6, key=6]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  auto f = [](float score, std::size_t i, auto, auto) { return i == 0 ? score : -score; };
#ifdef WRONG
  auto y = attention(q, k, v, score_mod<batch>(f));
#else
  auto y = attention(q, k, v, score_mod<head>(f));
#endif
  (void)y;
}

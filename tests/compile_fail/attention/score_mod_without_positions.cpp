// A function of the score alone.
// C044 score_mod: the function cannot be called as f(float score, std::ptrdiff_t query, std::ptrdiff_t key) const
// Why: A score without its place can be changed the same for all keys only, and that is scale or softcap.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, score_mod([](float score) { return score * score; }));
#else
  auto y = attention(q, k, v, score_mod([](float score, std::ptrdiff_t, std::ptrdiff_t) { return score * score; }));
#endif
  (void)y;
}

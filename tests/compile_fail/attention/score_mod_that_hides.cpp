// A function that says which keys are seen, for one that changes scores.
// C044 score_mod: the function gives bool, and a score is float, mask_mod hides keys
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, score_mod([](float, std::ptrdiff_t query, std::ptrdiff_t key) { return key <= query; }));
#else
  auto y = attention(q, k, v, mask_mod([](std::ptrdiff_t query, std::ptrdiff_t key) { return key <= query; }));
#endif
  (void)y;
}

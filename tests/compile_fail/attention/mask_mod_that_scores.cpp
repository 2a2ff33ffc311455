// A number for whether a key is seen.
// C044 mask_mod: the function gives float, and bool says whether a key is seen
// Why: 0 and -infinity are additive masks elsewhere, and a number that is not 0 would be true.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, mask_mod([](auto query, auto key) { return key <= query ? 0.0f : -1e9f; }));
#else
  auto y = attention(q, k, v, mask_mod([](auto query, auto key) { return key <= query; }));
#endif
  (void)y;
}

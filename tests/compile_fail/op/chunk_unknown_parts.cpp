// Parts by name, of an axis that was not joined from any.
// C029 chunk qkv=1536: it does not know its parts, concat them by name
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, qkv<1536>> x;
#ifdef WRONG
  auto parts = chunk<qkv, q_embed, k_embed, v_embed>(x);
#else
  auto parts = chunk<qkv, 3>(x);
#endif
  (void)parts;
}

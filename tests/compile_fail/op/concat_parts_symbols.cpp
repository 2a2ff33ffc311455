// Parts whose widths only the run knows, by names: a type cannot remember where one begins.
// C012 concat qkv: only the run knows q_embed=Q, as<q_embed<N>>(x) says a number
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, q_embed<dyn<"Q">>> q(bind<"Q">(512));
  tensor<float, token<4>, k_embed<dyn<"K">>> k(bind<"K">(128));
#ifdef WRONG
  auto y = concat<qkv, q_embed, k_embed>(q, k);
#else
  auto y = concat<qkv, q_embed, k_embed>(as<q_embed<512>>(q), as<k_embed<128>>(k));
#endif
  (void)y;
}

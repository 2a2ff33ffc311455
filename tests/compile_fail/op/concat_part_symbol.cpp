// A part whose width only the run knows: its type cannot remember it.
// C012 concat qkv: only the run knows q_embed=Q, as<q_embed<N>>(x) says a number
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, q_embed<dyn<"Q">>> q(bind<"Q">(512));
  tensor<float, token<4>, k_embed<128>> k;
#ifdef WRONG
  auto y = concat<qkv, q_embed, k_embed>(q, k);
#else
  auto y = concat<qkv, q_embed, k_embed>(as<q_embed<512>>(q), k);
#endif
  (void)y;
}

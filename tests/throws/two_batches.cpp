// Queries and keys of two batches whose sizes only the run knows.
// C010 attention: batch B=3 meets batch B=2
// Why: One symbol is one number. Where the types are all numbers, the compiler says it (C008).
#include <conform/conform.hpp>
using namespace conform;

int main() {
  constexpr std::size_t B = dyn<"B">;
  tensor<float, batch<B>, token<6>, head_dim<64>> q(bind<"B">(3));
#ifdef WRONG
  tensor<float, batch<B>, key<9>, head_dim<64>> k(bind<"B">(2)), v(bind<"B">(2));
#else
  tensor<float, batch<B>, key<9>, head_dim<64>> k(bind<"B">(3)), v(bind<"B">(3));
#endif
  auto y = attention(q, k, v);
  (void)y;
}

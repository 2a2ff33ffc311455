// A decoder layer and a memory of another batch, whose sizes only the run knows.
// C010 decoder_layer: batch B=3 meets batch B=2
// Why: A layer says it in its own name, before it computes.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  constexpr std::size_t B = dyn<"B">;
  decoder_layer<float, embed<64>, head<4>, hidden<128>> layer;
  tensor<float, batch<B>, token<6>, embed<64>> x(bind<"B">(3));
#ifdef WRONG
  tensor<float, batch<B>, key<9>, embed<64>> memory(bind<"B">(2));
#else
  tensor<float, batch<B>, key<9>, embed<64>> memory(bind<"B">(3));
#endif
  auto y = layer(x, memory);
  (void)y;
}

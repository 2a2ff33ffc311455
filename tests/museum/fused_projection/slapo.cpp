// One reader of the fused projection took it for three blocks, the other for queries, keys and values of one head after
// the other. A model trained on two devices gave wrong results when it was fine-tuned on one.
// https://github.com/awslabs/slapo/pull/46
// C030 chunk qkv=96 into 3 cuts head=4 x part=3 x head_dim=8, split it first
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct part : axis<"part", N> {};

int main() {
  tensor<float, batch<2>, token<4>, merged<qkv<96>, head<4>, part<3>, head_dim<8>>> layers;  // a head after the other
#ifdef WRONG
  auto [q, k, v] = chunk<qkv, 3>(layers);  // chunk(3, dim=2)
#else
  auto parts = split<qkv, head, part, head_dim>(layers);
  auto q = select<part>(parts, 0), k = select<part>(parts, 1), v = select<part>(parts, 2);
#endif
  (void)q;
  (void)k;
  (void)v;
}

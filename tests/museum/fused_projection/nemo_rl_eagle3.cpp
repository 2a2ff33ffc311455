// The weights of queries, keys and values were joined as three blocks; the trainer reads a block for each group of
// heads. Attention got scrambled queries, keys and values of the right shape: the draft loss decreased, and the
// acceptance of drafts did not get better. Loading and saving agreed, so that a round trip hid it.
// https://github.com/NVIDIA-NeMo/RL/pull/2802
// C029 split qkv into kv_head=2, group=32: it is q_embed=32 + k_embed=16 + v_embed=16
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct group : axis<"group", N> {};  // the queries, keys and values of one key head

int main() {
  tensor<float, q_embed<32>, embed<64>> q_weight;  // 4 heads
  tensor<float, k_embed<16>, embed<64>> k_weight;  // 2 heads
  tensor<float, v_embed<16>, embed<64>> v_weight;
#ifdef WRONG
  auto fused = concat<qkv, q_embed, k_embed, v_embed>(q_weight, k_weight, v_weight);  // torch.cat([q, k, v], dim=0)
  auto groups = split<qkv, kv_head<2>, group<32>>(fused);                             // what the trainer reads
#else
  auto fused = concat<group, q_embed, k_embed, v_embed>(split<q_embed, kv_head<2>, q_embed<16>>(q_weight),
                                                        split<k_embed, kv_head<2>, k_embed<8>>(k_weight),
                                                        split<v_embed, kv_head<2>, v_embed<8>>(v_weight));
  auto groups = split<qkv, kv_head, group>(merge<qkv, kv_head, group>(fused));
#endif
  (void)groups;
}

// The query heads were split as group x key head where the projection has key head x group. The split and the merge
// behind it agree, so that a fresh model trains; a model trained before is scrambled. It came in with a change that
// avoids repeating the keys.
// https://github.com/apple/axlearn/pull/842
// C029 split head=8 into group, kv_head: it is kv_head=2 x group=4
#include <conform/conform.hpp>
using namespace conform;

// A key head serves a group of query heads: query head = key head * group + place in the group.
template <std::size_t N> struct group : axis<"group", N> {};

int main() {
  tensor<float, batch<2>, token<4>, merged<head<8>, kv_head<2>, group<4>>, head_dim<8>> q_proj;
#ifdef WRONG
  auto q = split<head, group, kv_head>(q_proj);  // einops.rearrange(q_proj, "b t (g k) h -> b t g k h")
#else
  auto q = split<head, kv_head, group>(q_proj);
#endif
  (void)q;
}

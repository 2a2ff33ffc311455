// A result in memory that is used again by the next call.
// C049 attention: the result would lie in the arena, say where to write: attention_into(out, q, k, v, in(a)),
// layer.into(out, x, in(a))
// Why: Whatever a call makes in an arena is gone after it. A result that was returned would be, too.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head_dim<64>> q;
  tensor<float, key<9>, head_dim<64>> k, v;
  static static_arena<attention_workspace_bytes(q, k, v)> memory;
#ifdef WRONG
  auto y = attention(q, k, v, in(memory));
#else
  tensor<float, token<6>, head_dim<64>> y;
  attention_into(y, q, k, v, in(memory));
#endif
  (void)y;
}

// The reference definition of the operator Attention tiled the key heads 0 1 0 1 where 0 0 1 1 is meant. It was in the
// standard for six months, and was found by comparing with PyTorch.
// https://github.com/onnx/onnx/pull/7274
// C029 attention: head is kv_head=2 x group=2 in the queries, group=2 x kv_head=2 in the keys
#include <conform/conform.hpp>
using namespace conform;

// A key head serves a group of query heads: query head = key head * group + place in the group.
template <std::size_t N> struct group : axis<"group", N> {};

int main() {
  tensor<float, batch<2>, kv_head<2>, group<2>, token<4>, head_dim<8>> queries;
  tensor<float, batch<2>, kv_head<2>, key<4>, head_dim<8>> k, v;
  auto q = merge<head, kv_head, group>(queries);
  auto tile = [](auto const& x) {
    return merge<head, group, kv_head>(contiguous(permute<batch, group, kv_head, key, head_dim>(stack<group>(x, x))));
  };
#ifdef WRONG
  auto context = attention(q, tile(k), tile(v));
#else
  auto context = attention(queries, k, v);  // nothing is repeated
#endif
  (void)context;
  (void)q;
  (void)tile;
}

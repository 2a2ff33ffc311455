// tile where repeat is meant: in the browser's jax.nn.dotProductAttention the query heads got the wrong key heads. "GQA
// was not tested well enough", says the repair; its test has two heads of values, 10 and 20, and expects 10 10 20 20.
// https://github.com/ekzhang/jax-js/pull/180
// C029 attention: head is kv_head=2 x group=2 in the queries, group=2 x kv_head=2 in the keys
#include <conform/conform.hpp>
using namespace conform;

// A key head serves a group of query heads: query head = key head * group + place in the group.
template <std::size_t N> struct group : axis<"group", N> {};

int main() {
  tensor<float, batch<2>, token<4>, kv_head<2>, group<2>, head_dim<8>> queries;
  tensor<float, batch<2>, key<4>, kv_head<2>, head_dim<8>> k, v;
  auto q = merge<head, kv_head, group>(queries);
  auto tile = [](auto const& x) {
    return merge<head, group, kv_head>(contiguous(permute<batch, key, group, kv_head, head_dim>(stack<group>(x, x))));
  };
  auto repeat = [](auto const& x) {
    return merge<head, kv_head, group>(contiguous(permute<batch, key, kv_head, group, head_dim>(stack<group>(x, x))));
  };
#ifdef WRONG
  auto context = attention(q, tile(k), tile(v));
#else
  auto context = attention(q, repeat(k), repeat(v));
#endif
  (void)context;
  (void)tile;
  (void)repeat;
}

// The mask was repeated as heads x batch where the queries are batch x heads: heads saw the padding of another sample.
// It is the cross model of a published video retrieval. A user found it after many experiments.
// https://github.com/ArrowLuo/CLIP4Clip/issues/22
// C029 attend_where: row is head=2 x batch=2 in the option, batch=2 x head=2 in the scores
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct row : axis<"row", N> {};  // of batch and heads

int main() {
  tensor<float, batch<2>, head<2>, token<4>, head_dim<8>> queries;
  tensor<float, batch<2>, head<2>, key<4>, head_dim<8>> keys, values;
  tensor<bool, batch<2>, token<4>, key<4>> mask;
  auto q = merge<row, batch, head>(queries);
  auto k = merge<row, batch, head>(keys), v = merge<row, batch, head>(values);
  auto repeated = stack<head>(mask, mask);
#ifdef WRONG
  auto out = attention(q, k, v, attend_where(merge<row, head, batch>(repeated)));  // mask.repeat(n_head, 1, 1)
#else
  auto out = attention(q, k, v, attend_where(merge<row, batch, head>(contiguous(transpose<head, batch>(repeated)))));
#endif
  (void)out;
}

// Here the queries are heads x batch and the mask batch x heads: "it seems the same shape, but the elements not". Two
// readers reported it, a year apart. The stored copy of the project still has it.
// https://github.com/lsdefine/attention-is-all-you-need-keras/issues/36
// C029 attend_where: row is batch=2 x head=2 in the option, head=2 x batch=2 in the scores
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct row : axis<"row", N> {};  // of batch and heads

int main() {
  tensor<float, head<2>, batch<2>, token<4>, head_dim<8>> queries;
  tensor<float, head<2>, batch<2>, key<4>, head_dim<8>> keys, values;
  tensor<bool, batch<2>, token<4>, key<4>> mask;
  auto q = merge<row, head, batch>(queries);
  auto k = merge<row, head, batch>(keys), v = merge<row, head, batch>(values);
  auto repeated = stack<head>(mask, mask);
#ifdef WRONG
  // repeat_elements(mask, n_head, 0)
  auto out = attention(q, k, v, attend_where(merge<row, batch, head>(contiguous(transpose<head, batch>(repeated)))));
#else
  auto out = attention(q, k, v, attend_where(merge<row, head, batch>(repeated)));
#endif
  (void)out;
}

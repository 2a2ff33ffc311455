// The output of a sample depended on the other samples of its batch: their masks had been exchanged. Four published
// models of one library for finding moments in videos had it. With a batch of 1 both orders are the same, so that
// single samples never show it.
// https://github.com/line/lighthouse/pull/77
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
  // torch.matmul(qmask, kmask).bool().repeat(nhead, 1, 1)
  auto repeated = merge<row, head, batch>(stack<head>(mask, mask));
#ifdef WRONG
  auto context = attention(q, k, v, attend_where(repeated));
#else
  auto context = attention(queries, keys, values, attend_where(mask));  // batch is a name: nothing is repeated
#endif
  (void)context;
  (void)q;
  (void)k;
  (void)v;
  (void)repeated;
}

// Splitting "by heads" cut the fields of a sample into pieces, not their features: a query saw only a part of the
// fields. Three published models of a benchmark library for click prediction had it: AutoInt, DESTINE and InterHAt.
// https://github.com/reczoo/FuxiCTR/issues/30
// C023 view [batch=2, token=4, embed=16] as [batch=2, head=4, token=4, head_dim=4]: no axes cannot become head=4
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<4>, embed<16>> query;  // a token is a field
#ifdef WRONG
  // view(batch_size * num_heads, -1, attention_dim)
  auto heads = view<batch<2>, head<4>, token<4>, head_dim<4>>(query);
#else
  auto heads = transpose<token, head>(split<embed, head<4>, head_dim<4>>(query));
#endif
  (void)heads;
}

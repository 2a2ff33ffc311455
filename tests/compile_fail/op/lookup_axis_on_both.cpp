// A table with an axis token of its own, and ids with one too.
// C013 lookup: ids and table both have an axis token, rename one
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<int, token<6>> ids;
  tensor<float, vocab<1000>, token<6>, embed<64>> table;
#ifdef WRONG
  auto y = lookup<vocab>(table, ids);
#else
  auto y = lookup<vocab>(select<token>(table, 0), ids);
#endif
  (void)y;
}

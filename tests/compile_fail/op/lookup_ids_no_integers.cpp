// Ids of tokens that are float.
// C018 lookup: the ids are float, not integers
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, vocab<1000>, embed<64>> table;
#ifdef WRONG
  tensor<float, token<6>> ids;
  auto y = lookup<vocab>(table, ids);
#else
  tensor<int, token<6>> ids;
  auto y = lookup<vocab>(table, ids);
#endif
  (void)y;
}

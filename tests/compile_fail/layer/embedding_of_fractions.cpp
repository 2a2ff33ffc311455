// Ids that are not integers.
// C018 token_embedding: lookup: the ids are float, not integers
#include <conform/conform.hpp>
using namespace conform;

int main() {
  token_embedding<float, vocab<8000>, embed<512>> embedding;
#ifdef WRONG
  tensor<float, batch<2>, token<6>> ids;
  auto y = embedding(ids);
#else
  tensor<int, batch<2>, token<6>> ids;
  auto y = embedding(ids);
#endif
  (void)y;
}

// Ids that have no axes.
// C003 token_embedding: a tensor of ids is needed, and a container is given
#include <conform/conform.hpp>
#include <vector>
using namespace conform;

int main() {
  token_embedding<float, vocab<8000>, embed<512>> embedding;
  std::vector<int> const ids(3);
#ifdef WRONG
  auto y = embedding(ids);
#else
  auto y = embedding(tensor<int, token<3>>(ids));
#endif
  (void)y;
}

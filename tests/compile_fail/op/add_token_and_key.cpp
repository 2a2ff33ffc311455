// Positions along key, added to tokens. There are six of each, and they are two axes still.
// C020 +: the axes of one side must be among the other's, [token=6, embed=512] and [key=6, embed=512], rename<key,
// token> if they are one
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
  tensor<float, key<6>, embed<512>> positions;
#ifdef WRONG
  auto y = x + positions;
#else
  auto y = x + rename<key, token>(positions);
#endif
  (void)y;
}

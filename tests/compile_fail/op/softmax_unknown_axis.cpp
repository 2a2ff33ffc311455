// A softmax over keys that are called token.
// C005 softmax: no axis key in [head=8, token=6]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>> scores;
#ifdef WRONG
  auto y = softmax<key>(scores);
#else
  auto y = softmax<token>(scores);
#endif
  (void)y;
}

// Scores whose key axis is called token too: no shape has an axis twice.
// C013 rename key to token: there is an axis token already in [head=8, token=6, key=6]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, key<6>> scores;
#ifdef WRONG
  auto y = rename<key, token>(scores);
#else
  auto y = rename<key, hidden>(scores);
#endif
  (void)y;
}

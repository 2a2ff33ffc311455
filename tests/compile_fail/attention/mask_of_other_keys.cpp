// A mask of 5 keys for 6.
// C008 ignore_where: key=5, and the scores have key=6
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  tensor<bool, key<5>> mask;
  auto y = attention(q, k, v, ignore_where(mask));
#else
  tensor<bool, key<6>> mask;
  auto y = attention(q, k, v, ignore_where(mask));
#endif
  (void)y;
}

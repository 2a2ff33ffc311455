// A sequence of ten keys in a batch that has room for nine.
// C037 key_lengths: more than there are, 10 of key=9
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, head_dim<64>> q;
  tensor<float, batch<2>, key<9>, head_dim<64>> k, v;
#ifdef WRONG
  tensor<int, batch<2>> n{7, 10};
#else
  tensor<int, batch<2>> n{7, 9};
#endif
  auto y = attention(q, k, v, key_lengths(n));
  (void)y;
}

// A number among the options: what it scales, the code says with a word.
// C026 attention: an option is not one, say scale of the number
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, 0.125);
#else
  auto y = attention(q, k, v, scale(0.125));
#endif
  (void)y;
}

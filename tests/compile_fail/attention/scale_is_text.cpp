// A text as the factor of the scores.
// C045 scale: a floating-point number is needed, and a text is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, scale("0.125"));
#else
  auto y = attention(q, k, v, scale(0.125));
#endif
  (void)y;
}

// A quotient of integers as the factor of the scores.
// C045 scale: the number is an integer, and 1 / 8 is 0, say 1. / 8
// Why: 1 / 8 is 0 in C++: every key would have the same weight, and nothing would say so.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, scale(1 / 8));
#else
  auto y = attention(q, k, v, scale(1. / 8));
#endif
  (void)y;
}

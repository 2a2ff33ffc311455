// Attention without operands.
// C041 attention: it is called as in attention(q, k, v)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<9>, head_dim<64>> k, v;
#ifdef WRONG
  (void)attention();
#else
  (void)attention(q, k, v);
#endif
  (void)q, (void)k, (void)v;
}

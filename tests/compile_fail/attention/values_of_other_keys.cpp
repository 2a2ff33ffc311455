// Values of 5 positions for 6 keys. Each key has its value.
// C008 attention: key=6 in the keys, key=5 in the values
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k;
#ifdef WRONG
  tensor<float, head<8>, key<5>, head_dim<64>> v;
  auto y = attention(q, k, v);
#else
  tensor<float, head<8>, key<6>, head_dim<64>> v;
  auto y = attention(q, k, v);
#endif
  (void)y;
}

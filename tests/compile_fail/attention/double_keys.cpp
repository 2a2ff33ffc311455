// Queries of float, keys of double.
// C018 attention: the queries are float, the keys double, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> v;
#ifdef WRONG
  tensor<double, head<8>, key<6>, head_dim<64>> k;
  auto y = attention(q, k, v);
#else
  tensor<float, head<8>, key<6>, head_dim<64>> k;
  auto y = attention(q, k, v);
#endif
  (void)y;
}

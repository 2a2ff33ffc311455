// Values that are one number for each key. What the weights blend is an axis of the values.
// C025 attention: the values [head=8, key=6] need one axis beside key and the queries' leading axes, such as head_dim
// or value_dim
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k;
#ifdef WRONG
  tensor<float, head<8>, key<6>> v;
  auto y = attention(q, k, v);
#else
  tensor<float, head<8>, key<6>, value_dim<1>> v;
  auto y = attention(q, k, v);
#endif
  (void)y;
}

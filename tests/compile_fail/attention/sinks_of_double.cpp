// Sinks in another precision than the queries.
// C018 sinks: the elements are double, and those of the queries float, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  tensor<double, head<8>> wide;
  tensor<float, head<8>> learned;
#ifdef WRONG
  auto y = attention(q, k, v, sinks(wide));
#else
  auto y = attention(q, k, v, sinks(learned));
#endif
  (void)y;
}

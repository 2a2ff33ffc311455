// Learned logits that have no axes.
// C045 sinks: a tensor of logits is needed, and a container is given
#include <conform/conform.hpp>
#include <vector>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  std::vector<float> const learned(8);
#ifdef WRONG
  auto y = attention(q, k, v, sinks(learned));
#else
  auto y = attention(q, k, v, sinks(tensor<float, head<8>>(learned)));
#endif
  (void)y;
}

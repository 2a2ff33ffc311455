// One sink a head, of a layer with other heads.
// C008 sinks: head=12, and the scores have head=8
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  tensor<float, head<12>> wrong;
  tensor<float, head<8>> learned;
#ifdef WRONG
  auto y = attention(q, k, v, sinks(wrong));
#else
  auto y = attention(q, k, v, sinks(learned));
#endif
  (void)y;
}

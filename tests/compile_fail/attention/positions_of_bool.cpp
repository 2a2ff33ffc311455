// Where the queries begin is a number, not a mask.
// C018 queries_from: the elements are integers
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  tensor<bool, head<8>> wrong;
  tensor<int, head<8>> past;
#ifdef WRONG
  auto y = attention(q, k, v, causal, queries_from(wrong));
#else
  auto y = attention(q, k, v, causal, queries_from(past));
#endif
  (void)y;
}

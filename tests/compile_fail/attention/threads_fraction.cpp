// How many threads there are is an integer.
// C045 threads: a number of threads is needed, and a floating-point number is given
// Run time: `threads` of an integer that is not above 0 throws `shape_error`.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> q;
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, causal, threads(2.5));
#else
  auto y = attention(q, k, v, causal, threads(2));
#endif
  (void)y;
}

// Tensors of different lengths on top of one another.
// C008 stack: token=6 in the first, token=9 in the second
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head_dim<64>> a;
  tensor<float, token<9>, head_dim<64>> b;
#ifdef WRONG
  auto y = stack<head>(a, b);
#else
  auto y = stack<head>(a, slice<token, 0, 6>(b));
#endif
  (void)y;
}

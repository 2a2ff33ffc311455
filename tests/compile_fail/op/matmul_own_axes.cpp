// Weights with two axes of their own, head and head_dim, where a matrix has one.
// C019 matmul over embed: each side keeps one axis of its own, [token=6, embed=512] keeps 1 and [embed=512, head=8,
// head_dim=64] keeps 2, or use contract
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
  tensor<float, embed<512>, head<8>, head_dim<64>> w;
#ifdef WRONG
  auto y = matmul<embed>(x, w);
#else
  auto y = contract<embed>(x, w);
#endif
  (void)y;
}

// Queries times keys, both along token: nothing would be left of the product but its diagonal.
// C019 matmul over head_dim: each side keeps one axis of its own, [token=6, head_dim=64] keeps 0 and [token=6,
// head_dim=64] keeps 0, rename<token, key> on one side?
// Why: An axis that both sides have and that is not summed runs along, as a batch does.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head_dim<64>> q;
  tensor<float, token<6>, head_dim<64>> k;
#ifdef WRONG
  auto y = matmul<head_dim>(q, k);
#else
  auto y = matmul<head_dim>(q, rename<token, key>(k));
#endif
  (void)y;
}

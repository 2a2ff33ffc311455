// The result has its axes in another order than the tensor it becomes.
// C028 tensor [head=8, token=6, head_dim=64] from [token=6, head=8, head_dim=64]: the order differs, permute first
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
#ifdef WRONG
  tensor<float, head<8>, token<6>, head_dim<64>> y = x;
#else
  tensor<float, head<8>, token<6>, head_dim<64>> y(permute<head, token, head_dim>(x));
#endif
  (void)y;
}

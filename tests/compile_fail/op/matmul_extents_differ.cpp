// Keys of 32 columns under queries of 64. The sum runs over head_dim, which needs as many on both sides.
// C008 matmul: head_dim=64 on the left, head_dim=32 on the right
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
#ifdef WRONG
  tensor<float, head<8>, key<6>, head_dim<32>> k;
  auto scores = matmul<head_dim>(q, k);
#else
  tensor<float, head<8>, key<6>, head_dim<64>> k;
  auto scores = matmul<head_dim>(q, k);
#endif
  (void)scores;
}

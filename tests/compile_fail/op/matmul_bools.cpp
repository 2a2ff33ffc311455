// A product of bools, whose sums would be "or".
// C018 matmul: the elements are bool, no numbers, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<bool, token<6>, key<6>> mask;
  tensor<bool, key<6>, head<8>> chosen;
#ifdef WRONG
  auto y = matmul<key>(mask, chosen);
#else
  auto y = matmul<key>(tensor<float, token<6>, key<6>>(mask), tensor<float, key<6>, head<8>>(chosen));
#endif
  (void)y;
}

// A mask of zeros and ones that are numbers. Whether they are truth or are added, the elements say.
// C018 attend_where: the elements of a mask are bool, not float, add_bias takes numbers
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  tensor<float, token<6>, key<6>> mask;
  auto y = attention(q, k, v, attend_where(mask));
#else
  tensor<bool, token<6>, key<6>> mask;
  auto y = attention(q, k, v, attend_where(mask));
#endif
  (void)y;
}

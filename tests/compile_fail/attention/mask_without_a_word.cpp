// A mask given as it is. Whether true means seen or hidden, two conventions disagree.
// C026 attention: argument 4 is a tensor and no option, say attend_where, ignore_where or add_bias of it
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  tensor<bool, token<6>, key<6>> mask;
#ifdef WRONG
  auto y = attention(q, k, v, mask);
#else
  auto y = attention(q, k, v, attend_where(mask));
#endif
  (void)y;
}

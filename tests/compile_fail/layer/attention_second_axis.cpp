// The number of heads given as another axis.
// C027 multi_head_attention: the second axis is head<N>, not head_dim=64
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<float, embed<512>, head_dim<64>> mha;
#else
  multi_head_attention<float, embed<512>, head<8>> mha;
#endif
  (void)mha;
}

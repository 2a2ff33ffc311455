// A width of heads that is zero.
// C009 multi_head_attention head_dim=0: a number above 0 is needed
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<float, embed<512>, head<8>, head_dim<0>> mha;
#else
  multi_head_attention<float, embed<512>, head<8>, head_dim<64>> mha;
#endif
  (void)mha;
}

// Attention made of its sizes, which its type says.
// C035 multi_head_attention: linear layers query, key, value and output, or fused and output, are needed, and 2 arguments
// are given
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<float, embed<512>, head<8>> mha(512, 8);
#else
  multi_head_attention<float, embed<512>, head<8>> mha;
#endif
  (void)mha;
}

// Twelve heads for a width of 512.
// C009 multi_head_attention embed=512 by head=12: remainder 8, or say head_dim
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<float, embed<512>, head<12>> mha;
#else
  multi_head_attention<float, embed<512>, head<8>> mha;
#endif
  (void)mha;
}

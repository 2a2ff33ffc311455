// Attention of integers.
// C018 multi_head_attention: its elements are float or double, not int
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<int, embed<512>, head<8>> y;
#else
  multi_head_attention<float, embed<512>, head<8>> y;
#endif
  (void)y;
}

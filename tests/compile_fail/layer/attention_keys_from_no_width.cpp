// Keys made from the axis of their positions.
// C027 multi_head_attention: key=9 in keys_from is no width of a token
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<float, embed<512>, head<8>, keys_from<key<9>>> y;
#else
  multi_head_attention<float, embed<512>, head<8>, keys_from<embed<256>>> y;
#endif
  (void)y;
}

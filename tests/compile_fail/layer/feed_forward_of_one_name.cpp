// Both widths under one name.
// C027 feed_forward: the inner width is called embed as that of the token, say hidden<N>
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  feed_forward<float, embed<512>, embed<2048>> y;
#else
  feed_forward<float, embed<512>, hidden<2048>> y;
#endif
  (void)y;
}

// The inner width called as the width of the token.
// C027 encoder_layer: feed_forward: the inner width is called embed as that of the token, say hidden<N>
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  encoder_layer<float, embed<512>, head<8>, embed<2048>> y;
#else
  encoder_layer<float, embed<512>, head<8>, hidden<2048>> y;
#endif
  (void)y;
}

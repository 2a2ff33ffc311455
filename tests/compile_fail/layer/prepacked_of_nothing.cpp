// What is packed is given.
// C035 prepacked: it takes a layer, such as multi_head_attention or layer_stack
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
#ifdef WRONG
  prepacked fast;
#else
  prepacked fast(mha);
#endif
  (void)fast;
}

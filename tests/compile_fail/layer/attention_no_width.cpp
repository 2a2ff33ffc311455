// The axis of the tokens given as their width.
// C027 multi_head_attention: token=64 is no width of a token
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<float, token<64>, head<8>> mha;
#else
  multi_head_attention<float, embed<512>, head<8>> mha;
#endif
  (void)mha;
}

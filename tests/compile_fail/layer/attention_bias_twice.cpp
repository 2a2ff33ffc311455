// A layer with and without bias.
// C027 multi_head_attention: bias is given twice, by template arguments 4 and 5
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<float, embed<512>, head<8>, with_bias, without_bias> y;
#else
  multi_head_attention<float, embed<512>, head<8>, without_bias> y;
#endif
  (void)y;
}

// The width of a head given twice.
// C027 multi_head_attention: head_dim is given twice, by template arguments 4 and 5
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<float, embed<512>, head<8>, head_dim<64>, head_dim<32>> y;
#else
  multi_head_attention<float, embed<512>, head<8>, head_dim<32>> y;
#endif
  (void)y;
}

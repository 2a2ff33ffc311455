// Eight heads of queries that would share three heads of keys and values.
// C009 multi_head_attention head=8 by kv_head=3: remainder 2
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<float, embed<512>, head<8>, kv_head<3>> mha;
#else
  multi_head_attention<float, embed<512>, head<8>, kv_head<2>> mha;
#endif
  (void)mha;
}

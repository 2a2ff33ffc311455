// A layer put together from four projections, one of which is of another width.
// C035 multi_head_attention: the key projection is linear embed=512 to embed=256, linear embed=512 to embed=512 is
// needed
#include <conform/conform.hpp>
using namespace conform;

int main() {
  linear<float, embed<512>, embed<512>> query, value, out;
#ifdef WRONG
  linear<float, embed<512>, embed<256>> key;
  multi_head_attention<float, embed<512>, head<8>> mha(query, key, value, out);
#else
  linear<float, embed<512>, embed<512>> key;
  multi_head_attention<float, embed<512>, head<8>> mha(query, key, value, out);
#endif
  (void)mha;
}

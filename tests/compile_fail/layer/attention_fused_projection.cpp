// A layer put together from one projection for queries, keys and values, which is two widths wide and not three.
// C035 multi_head_attention: the fused projection is linear embed=512 to embed=1024, linear embed=512 to embed=1536 is
// needed
#include <conform/conform.hpp>
using namespace conform;

int main() {
  linear<float, embed<512>, embed<512>> out;
#ifdef WRONG
  linear<float, embed<512>, embed<1024>> fused;
  multi_head_attention<float, embed<512>, head<8>> mha(fused, out);
#else
  linear<float, embed<512>, embed<1536>> fused;
  multi_head_attention<float, embed<512>, head<8>> mha(fused, out);
#endif
  (void)mha;
}

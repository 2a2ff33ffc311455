// The new axis token, where there is one.
// C013 split embed: there is an axis token already in [batch=2, token=6, embed=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = split<embed, token<8>, head_dim<64>>(x);
#else
  auto y = split<embed, head<8>, head_dim<64>>(x);
#endif
  (void)y;
}

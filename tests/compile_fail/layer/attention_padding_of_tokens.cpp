// The padding of an input, which is one of keys where they are attended to.
// C047 multi_head_attention: ignore_where: no axis key in [batch=2, token=6], it hides all keys of a query, a mask of
// padding has key for token
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<bool, batch<2>, token<6>> padding;
#ifdef WRONG
  auto y = mha(x, ignore_where(padding));
#else
  auto y = mha(x, ignore_where(rename<token, key>(padding)));
#endif
  (void)y;
}

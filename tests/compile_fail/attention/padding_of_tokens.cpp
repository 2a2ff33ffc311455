// A mask of padding that is called by the tokens and not by the keys.
// C047 ignore_where: no axis key in [batch=2, token=6], it hides all keys of a query, a mask of padding has key for token
// Why: It would hide all keys of a padded query, and none of the padded keys from the others.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> q;
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> k, v;
  tensor<bool, batch<2>, token<6>> padding;
#ifdef WRONG
  auto y = attention(q, k, v, ignore_where(padding));
#else
  auto y = attention(q, k, v, ignore_where(rename<token, key>(padding)));
#endif
  (void)y;
}

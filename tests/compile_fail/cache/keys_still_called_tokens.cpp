// Keys that are still called tokens.
// C005 kv_cache append: the keys [head=8, token=6, head_dim=64] have no axis key, call rename<token, key>
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, head<8>, key<1024>, head_dim<64>> cache;
  tensor<float, head<8>, token<6>, head_dim<64>> k, v;
#ifdef WRONG
  cache.append(k, v);
#else
  cache.append(rename<token, key>(k), rename<token, key>(v));
#endif
}

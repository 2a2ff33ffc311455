// A length is an integer.
// C041 kv_cache truncate: an integer or a tensor of integers is needed, and a floating-point number is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> k, v;
  kv_cache<float, batch<2>, head<8>, key<64>, head_dim<64>> cache;
  cache.append(k, v);
#ifdef WRONG
  cache.truncate(0.5);
#else
  cache.truncate(3);
#endif
}

// The size of a batch that the type says.
// C046 kv_cache: it needs no arguments, and an integer is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  kv_cache<float, batch<2>, head<8>, key<64>, head_dim<64>> cache(2);
#else
  kv_cache<float, batch<2>, head<8>, key<64>, head_dim<64>> cache;
#endif
  (void)cache;
}

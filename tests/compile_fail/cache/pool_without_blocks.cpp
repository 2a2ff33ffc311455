// A pool that does not say how many blocks it has.
// C046 kv_pool: the number of its blocks is needed, and nothing is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  kv_pool<float, block<16>, head<8>, head_dim<64>> pool;
#else
  kv_pool<float, block<16>, head<8>, head_dim<64>> pool(1000);
#endif
  (void)pool;
}

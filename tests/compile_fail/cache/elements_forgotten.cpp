// A cache without the type of its elements.
// C018 kv_cache: batch=2 stands where the type of the elements does, such as float
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  kv_cache<batch<2>, head<8>, key<64>, head_dim<64>> cache;
#else
  kv_cache<float, batch<2>, head<8>, key<64>, head_dim<64>> cache;
#endif
  (void)cache;
}

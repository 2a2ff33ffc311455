// The size of a batch, without the name of the symbol.
// C006 batch=B has no value: add bind<"B">(...)
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  kv_cache<float, batch<dyn<"B">>, head<8>, key<64>, head_dim<64>> cache(2);
#else
  kv_cache<float, batch<dyn<"B">>, head<8>, key<64>, head_dim<64>> cache(bind<"B">(2));
#endif
  (void)cache;
}

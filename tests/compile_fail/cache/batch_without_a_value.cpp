// A cache whose batch is a symbol without a value.
// C006 batch=B has no value: add bind<"B">(...)
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  kv_cache<float, batch<dyn<"B">>, kv_head<4>, key<1024>, head_dim<64>> cache;
#else
  kv_cache<float, batch<dyn<"B">>, kv_head<4>, key<1024>, head_dim<64>> cache(bind<"B">(2));
#endif
  tensor<float, batch<dyn<"B">>, kv_head<4>, key<6>, head_dim<64>> k(bind<"B">(2)), v(bind<"B">(2));
  cache.append(k, v);
}

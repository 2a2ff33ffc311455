// Queries of half precision, keys of float.
// C018 attention: the queries are _Float16, the keys float, cast<float>(x) converts
// Why: Elements that are stored only are copied to float, all of them or none: a cache of half precision has queries to match.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<_Float16, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v);
#else
  auto y = attention(cast<float>(q), k, v);
#endif
  (void)y;
}

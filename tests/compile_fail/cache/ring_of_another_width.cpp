// Keys of another width than the ring keeps.
// C008 kv_ring append: head_dim=64 in the cache, head_dim=128 in the keys
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_ring<float, kv_head<4>, key<128>, head_dim<64>> ring;
#ifdef WRONG
  tensor<float, kv_head<4>, key<1>, head_dim<128>> k, v;
  ring.append(k, v);
#else
  tensor<float, kv_head<4>, key<1>, head_dim<64>> k, v;
  ring.append(k, v);
#endif
}

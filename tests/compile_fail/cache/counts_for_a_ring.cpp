// Sequences of different lengths in a ring.
// C003 kv_ring append: it takes no counts, all sequences have one length
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_ring<float, batch<2>, head<8>, key<64>, head_dim<64>> ring;
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> k, v;
  tensor<int, batch<2>> counts;
  (void)counts;
#ifdef WRONG
  ring.append(k, v, counts);
#else
  ring.append(k, v);
#endif
}

// Heads turned as if they were positions.
// C036 rotary: the table has positions along key, and head counts none
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> q;
  auto const [cos, sin] = rotary_table<float, key<2048>, head_dim<64>>();
#ifdef WRONG
  (void)rotary<head, head_dim>(q, cos, sin);
#else
  (void)rotary<token, head_dim>(q, cos, sin);
#endif
}

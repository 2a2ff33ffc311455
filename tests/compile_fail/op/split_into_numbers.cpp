// Heads and their width without names.
// C040 split<embed, 8, 64>: an axis has a name and no number, as in split<embed, head<8>, head_dim<64>>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)split<embed, 8, 64>(x);
#else
  (void)split<embed, head<8>, head_dim<64>>(x);
#endif
}

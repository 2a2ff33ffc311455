// A transposed tensor assigned back to the variable it came from. Its axes are in another order, and an element would
// be at another place.
// C028 tensor [head=8, token=6, head_dim=64] from [token=6, head=8, head_dim=64]: the order differs, permute first
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> x;
#ifdef WRONG
  x = transpose<head, token>(x);
#else
  auto y = transpose<head, token>(x);
  (void)y;
#endif
}

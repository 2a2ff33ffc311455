// Positions turned into elements of half precision.
// C018 rotary: the elements are _Float16 and float, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<_Float16, head<8>, token<6>, head_dim<64>> q;
  tensor<float, token<6>, rotary_pair<32>> cos, sin;
#ifdef WRONG
  auto y = rotary<token, head_dim>(q, cos, sin);
#else
  auto y = cast<_Float16>(rotary<token, head_dim>(cast<float>(q), cos, sin));
#endif
  (void)y;
}

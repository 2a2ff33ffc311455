// A view with fewer elements.
// C023 view [batch=2, token=6, embed=512] as [batch=2, token=6, head=8, head_dim=32]: embed=512 cannot become head=8,
// head_dim=32, 256 elements instead of 512
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = view<batch<2>, token<6>, head<8>, head_dim<32>>(x);
#else
  auto y = view<batch<2>, token<6>, head<8>, head_dim<64>>(x);
#endif
  (void)y;
}

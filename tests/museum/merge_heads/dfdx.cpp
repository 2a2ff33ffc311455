// A Rust library that checks each extent when compiling let it pass: the product of the extents is right, only the axes
// are not. The author found it himself, comparing his transformer with minGPT.
// https://github.com/chelsea0x3b/dfdx/issues/158
// C023 view [batch=2, head=4, token=4, head_dim=16] as [batch=2, token=4, embed=64]: head=4 cannot become no axes
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<4>, token<4>, head_dim<16>> tokens;
#ifdef WRONG
  auto merged = view<batch<2>, token<4>, embed<64>>(tokens);
#else
  auto merged = merge<embed, head, head_dim>(contiguous(transpose<head, token>(tokens)));
#endif
  (void)merged;
}

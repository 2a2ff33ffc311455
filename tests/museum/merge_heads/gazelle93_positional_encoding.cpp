// The transposition was there, but for another order of the axes, and tokens were viewed as the batch. It was written
// for [batch, head, token, head_dim], and the heads came first. A reader traced the shapes.
// https://github.com/gazelle93/Transformer-Various-Positional-Encoding/issues/1
// C023 view [head=4, token=4, batch=4, head_dim=16] as [batch=4, token=4, embed=64]: head=4 cannot become no axes
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<4>, batch<4>, token<4>, head_dim<16>> output;
  auto swapped = contiguous(permute<head, token, batch, head_dim>(output));  // permute(0, 2, 1, 3)
#ifdef WRONG
  auto merged = view<batch<4>, token<4>, embed<64>>(swapped);
#else
  auto merged = merge<embed, head, head_dim>(contiguous(permute<batch, token, head, head_dim>(output)));
#endif
  (void)merged;
  (void)swapped;
}

// The heads stood in front even of the batch, so that the view mixed sentences as well as tokens. The published result
// did not move: the trained configuration had one head. With more it would have been wrong.
// https://github.com/hackiey/QAnet-pytorch/issues/2
// C023 view [head=2, batch=2, token=2, head_dim=16] as [batch=2, token=2, embed=32]: head=2 cannot become no axes
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<2>, batch<2>, token<2>, head_dim<16>> heads;
#ifdef WRONG
  auto merged = view<batch<2>, token<2>, embed<32>>(heads);
#else
  auto merged = merge<embed, head, head_dim>(contiguous(permute<batch, token, head, head_dim>(heads)));
#endif
  (void)merged;
}

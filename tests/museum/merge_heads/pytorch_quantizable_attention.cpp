// PyTorch's quantizable attention, where the batch comes first, joins features along the tokens instead of the heads. A
// user found it by reading the code. The branch beside it, where the sequence comes first, transposes as it should.
// https://github.com/pytorch/pytorch/issues/67651
// C023 view [batch=2, head=8, token=8, head_dim=8] as [batch=2, token=8, embed=64]: head=8 cannot become no axes
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<8>, head_dim<8>> attn_output;
#ifdef WRONG
  auto merged = view<batch<2>, token<8>, embed<64>>(attn_output);
#else
  auto merged = merge<embed, head, head_dim>(contiguous(transpose<head, token>(attn_output)));
#endif
  (void)merged;
}

// The time conformer of a speech enhancer (Interspeech 2023) attends over frequencies, the frequency conformer over
// time. It was reported with the shapes. The stored copy of the project still has it.
// https://github.com/yxlu-0102/MP-SENet/issues/21
// C028 tensor [token=4, row=4, embed=32] from [row=4, token=4, embed=32]: the order differs, permute first
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct row : axis<"row", N> {};

// As nn.MultiheadAttention with batch_first=False: the first axis is the sequence.
tensor<float, token<4>, row<4>, embed<32>> time_conformer(tensor<float, token<4>, row<4>, embed<32>> const& x) {
  return multi_head_attention<float, embed<32>, head<4>>{}(x);
}

int main() {
  tensor<float, row<4>, token<4>, embed<32>> x;  // x.permute(0, 3, 2, 1).contiguous().view(b*f, t, c)
#ifdef WRONG
  auto y = time_conformer(x);
#else
  auto y = time_conformer(contiguous(permute<token, row, embed>(x)));
#endif
  (void)y;
}

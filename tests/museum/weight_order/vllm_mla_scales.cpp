// The scales of a projection in MLA attention were transposed at loading and then viewed as if they were not. "The
// .view() succeeds in both cases (same total elements)". On GSM8K 96.5 % became 89 %.
// https://github.com/vllm-project/vllm/pull/47116
// C023 view [column_block=48, row_block=4] as [group=2, row_in_group=2, column_block=48]: no axes cannot become
// group=2, row_in_group=2
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct row_block : axis<"row_block", N> {};
template <std::size_t N> struct column_block : axis<"column_block", N> {};
template <std::size_t N> struct group : axis<"group", N> {};
template <std::size_t N> struct row_in_group : axis<"row_in_group", N> {};

int main() {
  tensor<float, row_block<4>, column_block<48>> weight_scale_inv;
  auto loaded = contiguous(transpose<row_block, column_block>(weight_scale_inv));
#ifdef WRONG
  auto scales = view<group<2>, row_in_group<2>, column_block<48>>(loaded);  // view(n_groups, -1, shape[-1])
#else
  auto scales = view<group<2>, row_in_group<2>, column_block<48>>(weight_scale_inv);
#endif
  (void)scales;
  (void)loaded;
}

// The heads were merged without bringing them behind the tokens, so that the embedding of a token got pieces of other
// tokens. The training test of the author, a copy task, still passed: "an overparameterised model learns to
// compensate". A reader found it.
// https://github.com/jsbaan/transformer-from-scratch/pull/6
// C023 view [batch=2, head=4, token=4, head_dim=16] as [batch=2, token=4, embed=64]: head=4 cannot become no axes
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<4>, token<4>, head_dim<16>> values;  // what the attention gave
#ifdef WRONG
  auto merged = view<batch<2>, token<4>, embed<64>>(values);
#else
  auto merged = merge<embed, head, head_dim>(contiguous(transpose<head, token>(values)));
#endif
  (void)merged;
}

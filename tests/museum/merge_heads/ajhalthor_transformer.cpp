// The first row of the "merged heads" was the first head of the first eight tokens. It is the transformer of a video
// course, and it trained. Viewers found it, looking for why the translation came out empty; one of the notebooks kept
// it.
// https://github.com/ajhalthor/Transformer-Neural-Network/pull/4
// C023 view [batch=2, head=8, token=200, head_dim=64] as [batch=2, token=200, embed=512]: head=8 cannot become no axes
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<200>, head_dim<64>> values;
#ifdef WRONG
  auto merged = view<batch<2>, token<200>, embed<512>>(values);
#else
  auto merged = merge<embed, head, head_dim>(contiguous(transpose<head, token>(values)));
#endif
  (void)merged;
}

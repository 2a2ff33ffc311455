// The heads of this transformer are stretches of the sentence. The view that splits and the view that merges undo each
// other, so that every shape fits and it trains. A reader printed a small tensor and asked; the stored copy of the
// project still has it.
// https://github.com/649453932/Chinese-Text-Classification-Pytorch/issues/10
// C023 view [batch=2, token=5, embed=40] as [row=10, token=5, head_dim=8]: batch=2 cannot become row=10, 10 elements
// instead of 2
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct row : axis<"row", N> {};

int main() {
  tensor<float, batch<2>, token<5>, embed<40>> q;
#ifdef WRONG
  auto heads = view<row<10>, token<5>, head_dim<8>>(q);  // rows are batch * head
#else
  auto heads = transpose<token, head>(split<embed, head<5>, head_dim<8>>(q));
#endif
  (void)heads;
}

// A view that would multiply what only the run knows.
// C023 view [batch=B, token=T, embed=512] as [row=R, embed=512]: batch=B, token=T cannot become row=R, of symbols: call
// merge or split
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N>
struct row : axis<"row", N> {};

int main() {
  tensor<float, batch<dyn<"B">>, token<dyn<"T">>, embed<512>> x(bind<"B">(2), bind<"T">(6));
#ifdef WRONG
  auto y = view<row<dyn<"R">>, embed<512>>(x);
#else
  auto y = merge<row<dyn<"R">>, batch, token>(x);
#endif
  (void)y;
}

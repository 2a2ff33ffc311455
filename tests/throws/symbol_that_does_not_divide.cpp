// A width that only the run knows, cut by a number of heads that does not divide it.
// C009 split embed=510 into head=8, head_dim=D: 8 leaves remainder 6
#include <conform/conform.hpp>
using namespace conform;

int main() {
  constexpr std::size_t E = dyn<"E">, D = dyn<"D">;
#ifdef WRONG
  tensor<float, token<6>, embed<E>> x(bind<"E">(510));
#else
  tensor<float, token<6>, embed<E>> x(bind<"E">(512));
#endif
  auto y = split<embed, head<8>, head_dim<D>>(x);
  (void)y;
}

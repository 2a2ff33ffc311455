// Eight tokens of six, from wherever the run begins.
// C015 slice token, 8 long: token=6
// Run time: A `first` of 3, from which on there are no four, throws `shape_error`.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
  std::size_t const first = 2;
#ifdef WRONG
  auto y = slice<token<8>>(x, first);
#else
  auto y = slice<token<4>>(x, first);
#endif
  (void)y;
}

// The elements of a view set by `=`.
// C028 = of a view: its elements are copied by copy_into(view, x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
  auto last = select<token>(x, 5);
  tensor<float, batch<2>, embed<512>> y;
#ifdef WRONG
  last = y;
#else
  copy_into(last, y);
#endif
}

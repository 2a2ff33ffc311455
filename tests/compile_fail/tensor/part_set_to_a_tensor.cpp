// A part of a tensor set by `=`.
// C028 = of a view: its elements are copied by copy_into(view, x)
// Why: A view that is assigned looks elsewhere from then on: of a temporary one that would do nothing.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, token<3>, embed<512>> part;
#ifdef WRONG
  slice<token<3>>(x, 2) = part;
#else
  copy_into(slice<token<3>>(x, 2), part);
#endif
}

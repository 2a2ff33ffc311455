// A view that only reads, as the target of a copy.
// C018 copy_into: the elements of the target are const
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x, y;
#ifdef WRONG
  copy_into(as_const_view(y), x);
#else
  copy_into(y, x);
#endif
}

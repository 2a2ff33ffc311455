// A span of elements that do not lie behind one another.
// C028 to_span [embed=3, token=2]: the elements do not lie behind one another, contiguous(x) brings them there
#include <conform/conform.hpp>
#include <conform/tensor/named_view.hpp>

using namespace conform;

int main() {
  tensor<float, token<2>, embed<3>> x;
#ifdef WRONG
  auto all = to_span(transpose<token, embed>(x));
#else
  auto all = to_span(x);
#endif
  (void)all;
}

// A number in the place of the elements of a part.
// C003 =: a number is no tensor, fill(x, 0) sets every element
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  slice<token, 0, 3>(x) = 0.f;
#else
  fill(slice<token, 0, 3>(x), 0.f);
#endif
}

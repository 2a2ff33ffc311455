// A number in the place of all elements.
// C003 =: a number is no tensor, fill(x, 0) sets every element
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  x = 0.f;
#else
  fill(x, 0.f);
#endif
}

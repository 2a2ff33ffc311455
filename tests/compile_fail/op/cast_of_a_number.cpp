// A number is no tensor.
// C041 cast<float>: it is called as in cast<float>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  auto y = cast<float>(3);
#else
  tensor<int, token<6>> x;
  auto y = cast<float>(x);
#endif
  (void)y;
}

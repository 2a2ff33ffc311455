// A sum of bools. How many are true is a sum of integers.
// C018 sum token: the elements are bool, no numbers, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<bool, batch<2>, token<6>> attend;
  auto y = sum<token>(attend);
#else
  tensor<int, batch<2>, token<6>> attend;
  auto y = sum<token>(attend);
#endif
  (void)y;
}

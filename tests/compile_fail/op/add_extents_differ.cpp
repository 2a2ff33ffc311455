// A bias of another width.
// C008 +: embed=512 on the left, embed=256 on the right
// Why: There is no rule that repeats an axis of size 1, or any other: an axis that one side does not have is repeated,
// and no other.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  tensor<float, embed<256>> bias;
  auto y = x + bias;
#else
  tensor<float, embed<512>> bias;
  auto y = x + bias;
#endif
  (void)y;
}

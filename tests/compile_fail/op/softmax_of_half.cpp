// A softmax of half precision.
// C018 softmax: the elements are _Float16, which is stored and not computed with, cast<float>(x) converts
// Why: Its sum would be of numbers with eleven bits. Attention alone takes half precision, and computes in float.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<_Float16, token<6>, key<6>> scores;
#ifdef WRONG
  auto y = softmax<key>(scores);
#else
  auto y = cast<_Float16>(softmax<key>(cast<float>(scores)));
#endif
  (void)y;
}

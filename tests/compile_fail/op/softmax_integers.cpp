// A softmax of integers.
// C018 softmax: the elements are int, not floating-point, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<int, token<6>, key<6>> scores;
  auto y = softmax<key>(scores);
#else
  tensor<float, token<6>, key<6>> scores;
  auto y = softmax<key>(scores);
#endif
  (void)y;
}

// A log_softmax of integers.
// C018 log_softmax: the elements are int, not floating-point, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<int, token<6>, key<6>> scores;
  auto y = log_softmax<key>(scores);
#else
  tensor<float, token<6>, key<6>> scores;
  auto y = log_softmax<key>(scores);
#endif
  (void)y;
}

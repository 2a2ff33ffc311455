// A function that takes sentences of 6 tokens is called with one of 5.
// C008 tensor [token=6, embed=512]: token=6 in the target, token=5 in the source
#include <conform/conform.hpp>
using namespace conform;

void sum_up(tensor<float, token<6>, embed<512>> const&) {}

int main() {
#ifdef WRONG
  tensor<float, token<5>, embed<512>> x;
  sum_up(x);
#else
  tensor<float, token<6>, embed<512>> x;
  sum_up(x);
#endif
}

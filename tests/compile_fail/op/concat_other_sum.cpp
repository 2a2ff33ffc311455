// A sum that is not the one that is said.
// C009 concat into token=25: the parts make 24
// Run time: `concat` of lengths that only the run knows adds them then, and throws `shape_error` with the same words.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> a;
  tensor<float, token<18>, embed<512>> b;
#ifdef WRONG
  auto y = concat<token<25>>(a, b);
#else
  auto y = concat<token<24>>(a, b);
#endif
  (void)y;
}

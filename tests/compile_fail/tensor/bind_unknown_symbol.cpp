// A value for a symbol that the shape does not have: the length is called T here, not S.
// C006 bind<"S">: no such symbol in [token=T, embed=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, token<dyn<"T">>, embed<512>> x(bind<"S">(17));
#else
  tensor<float, token<dyn<"T">>, embed<512>> x(bind<"T">(17));
#endif
  (void)x;
}

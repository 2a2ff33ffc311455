// A length that only the run knows, and that nobody says.
// C006 token=T has no value: add bind<"T">(...)
// Why: Memory is taken when a tensor is made, so its extents are known then. A symbol has no default that would be right.
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, token<dyn<"T">>, embed<512>> x;
#else
  tensor<float, token<dyn<"T">>, embed<512>> x(bind<"T">(17));
#endif
  (void)x;
}

// Two values for one symbol.
// C006 bind<"T"> is given twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, batch<dyn<"B">>, token<dyn<"T">>> x(bind<"T">(2), bind<"T">(17));
#else
  tensor<float, batch<dyn<"B">>, token<dyn<"T">>> x(bind<"B">(2), bind<"T">(17));
#endif
  (void)x;
}

// Sizes in their order, as other libraries take them.
// C006 batch=B has no value: add bind<"B">(...)
// Why: Sizes are given by name, so that no two of them can be exchanged.
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, batch<dyn<"B">>, token<dyn<"T">>> x(2, 6);
#else
  tensor<float, batch<dyn<"B">>, token<dyn<"T">>> x(bind<"B">(2), bind<"T">(6));
#endif
  (void)x;
}

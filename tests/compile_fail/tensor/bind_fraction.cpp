// An extent that is not counted.
// C033 bind<"T">: the value is double, and an extent is an integer
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, token<dyn<"T">>> x(bind<"T">(3.7));
#else
  tensor<float, token<dyn<"T">>> x(bind<"T">(3));
#endif
  (void)x;
}

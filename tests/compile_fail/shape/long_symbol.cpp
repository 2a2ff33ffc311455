// A symbol of nine characters: eight fit into an extent.
// C033 dyn<"positions">: a name of 1 to 8 characters is needed
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, token<dyn<"positions">>, embed<8>> x(bind<"positions">(6));
#else
  tensor<float, token<dyn<"position">>, embed<8>> x(bind<"position">(6));
#endif
  (void)x;
}

// As many elements inside the object as only the run knows.
// C033 inplace_tensor [token=T, embed=8]: the object has room for numbers of elements only, tensor<...> keeps any
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  inplace_tensor<float, token<dyn<"T">>, embed<8>> x(bind<"T">(6));
#else
  inplace_tensor<float, token<6>, embed<8>> x;
#endif
  (void)x;
}

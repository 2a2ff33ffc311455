// Axes alone, without the type of the elements.
// C018 tensor: batch=2 stands where the type of the elements does, such as float
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<batch<2>, token<6>> x;
#else
  tensor<float, batch<2>, token<6>> x;
#endif
  (void)x;
}

// Elements that are const: nobody could write what an operation gives into them. What is const is the tensor.
// C018 tensor: elements are plain numbers, and not const
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float const, token<6>> x;
#else
  tensor<float, token<6>> const x;
#endif
  (void)x;
}

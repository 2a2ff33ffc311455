// A tensor times a tensor.
// C042 *: it could mean two products, multiply(x, y) and matmul<embed>(x, y)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, embed<512>> y;
#ifdef WRONG
  (void)(x * y);
#else
  (void)multiply(x, y);
#endif
}

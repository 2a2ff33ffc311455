// Elements that are no numbers to Conform.
// C018 cast: to another type, and elements are numbers that can be written
#include <complex>

#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<8>> x;
#ifdef WRONG
  auto y = cast<std::complex<float>>(x);
#else
  auto y = cast<double>(x);
#endif
  (void)y;
}

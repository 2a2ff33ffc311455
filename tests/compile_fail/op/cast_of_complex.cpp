// A cast of elements that are no numbers to Conform.
// C018 cast: the elements are another type, no numbers, storage_type<...> tells of them
#include <complex>

#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<std::complex<float>, token<6>, embed<8>> x;
  auto y = cast<float>(x);
#else
  tensor<int, token<6>, embed<8>> x;
  auto y = cast<float>(x);
#endif
  (void)y;
}

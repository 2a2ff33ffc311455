// The extent of `std::span`, which has no name.
// C033 shape: token<18446744073709551615>: a number below 2^63 or a symbol is needed, such as token<dyn<"N">>
// Why: A symbol has a name, so that two of them can be the same, or not.
#include <conform/conform.hpp>

#include <span>

using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, token<std::dynamic_extent>, embed<8>> x;
#else
  tensor<float, token<dyn<"T">>, embed<8>> x(bind<"T">(6));
#endif
  (void)x;
}

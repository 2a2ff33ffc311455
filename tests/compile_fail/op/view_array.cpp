// Names for the elements of an array.
// C003 view: the memory is a pointer or a std::span, std::span(x) makes one
// Why: A view keeps no memory. `std::span` says that the array is looked at.
#include <conform/conform.hpp>

#include <array>
#include <span>

using namespace conform;

int main() {
  std::array<float, 8> numbers{};
#ifdef WRONG
  auto y = view<token<2>, embed<4>>(numbers);
#else
  auto y = view<token<2>, embed<4>>(std::span(numbers));
#endif
  (void)y;
}

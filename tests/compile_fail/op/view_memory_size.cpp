// Names for memory of another size.
// C007 view [token=2, embed=4]: 8 elements are needed and 12 given
// Run time: A span whose size is not in its type throws `shape_error` with the same words.
#include <conform/conform.hpp>

#include <array>
#include <span>

using namespace conform;

int main() {
  std::array<float, 12> numbers{};
#ifdef WRONG
  auto y = view<token<2>, embed<4>>(std::span(numbers));
#else
  auto y = view<token<3>, embed<4>>(std::span(numbers));
#endif
  (void)y;
}

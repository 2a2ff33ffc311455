// A span whose type says how many values it has, and axes that need others.
// C007 from_span [token=2, embed=4]: 8 are needed and 6 given
// Why: Values that are left over, or memory behind the last one: both are a wrong extent somewhere.
// Run time: where only the run knows the number, `from_span` throws `shape_error` with this sentence.
#include <conform/conform.hpp>
#include <conform/tensor/named_view.hpp>

#include <array>

using namespace conform;

int main() {
  std::array<float, 6> values{1, 2, 3, 4, 5, 6};
#ifdef WRONG
  auto x = from_span<token<2>, embed<4>>(std::span(values));
#else
  auto x = from_span<token<2>, embed<3>>(std::span(values));
#endif
  (void)x;
}

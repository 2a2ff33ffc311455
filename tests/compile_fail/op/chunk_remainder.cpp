// Five equal parts of 1536 columns.
// C016 chunk embed=1536 into 5: remainder 1, slice takes unequal parts
// Why: The parts are a `std::array`, of one type. PyTorch makes the last part shorter, and says nothing.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, embed<1536>> x;
#ifdef WRONG
  auto parts = chunk<embed, 5>(x);
#else
  auto parts = chunk<embed, 3>(x);
#endif
  (void)parts;
}

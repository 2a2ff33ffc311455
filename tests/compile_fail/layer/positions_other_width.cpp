// Tokens of another width than the positions.
// C008 learned_positions: embed=32 in the tokens, embed=64 in the positions
#include <conform/conform.hpp>
using namespace conform;

int main() {
  learned_positions<float, token<512>, embed<64>> positions;
#ifdef WRONG
  tensor<float, batch<2>, token<6>, embed<32>> x;
  auto y = positions(x);
#else
  tensor<float, batch<2>, token<6>, embed<64>> x;
  auto y = positions(x);
#endif
  (void)y;
}

// A call in less memory than it needs.
// C048 arena: 12800 bytes are needed beside 0 in use, and it has 4096, see workspace_bytes
// Why: A call takes its memory where it is told, and nowhere else.
#include <array>
#include <conform/conform.hpp>
using namespace conform;

int main() {
  linear<float, embed<64>, embed<64>> layer;
  tensor<float, token<50>, embed<64>> x;
  tensor<float, embed<64>, token<50>> y;
#ifdef WRONG
  static std::array<std::byte, 4096> memory;
#else
  static std::array<std::byte, workspace_bytes(layer, x)> memory;
#endif
  arena mine(memory);
  layer.into(y, x, in(mine));
}

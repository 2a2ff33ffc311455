// An arena that is gone before the call.
// C045 in: an arena that has a name is needed, and another type is given
#include <array>
#include <conform/conform.hpp>
using namespace conform;

int main() {
  static std::array<std::byte, 100000> memory;
#ifdef WRONG
  auto option = in(arena(memory));
#else
  arena mine(memory);
  auto option = in(mine);
#endif
  (void)option;
}

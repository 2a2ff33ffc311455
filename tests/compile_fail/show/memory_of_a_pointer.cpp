// Numbers without axes are drawn.
// C041 memory_grid: it is called as in memory_grid(x)
#include <conform/conform.hpp>
#include <conform/show/memory_grid.hpp>
using namespace conform;

int main() {
  float numbers[6] = {};
#ifdef WRONG
  auto y = memory_grid(numbers);
#else
  auto y = memory_grid(tensor<float, token<2>, embed<3>>(numbers));
#endif
  (void)y;
}

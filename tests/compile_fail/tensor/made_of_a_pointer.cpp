// Memory without its length.
// C046 tensor [batch=2, token=6]: a pointer is given, a std::span, a container, nested lists or bindings make a tensor
// Why: A pointer does not say how many values there are, and they could not be compared with the shape.
#include <conform/conform.hpp>
#include <span>
using namespace conform;

int main() {
  float memory[12]{};
  float* p = memory;
#ifdef WRONG
  tensor<float, batch<2>, token<6>> x(p);
#else
  tensor<float, batch<2>, token<6>> x(std::span<float const>(p, 12));
#endif
  (void)x;
}

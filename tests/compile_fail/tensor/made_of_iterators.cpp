// Values from one iterator to another.
// C046 tensor [batch=2, token=6]: 2 arguments are given, a std::span, a container, nested lists or bindings make a tensor
#include <conform/conform.hpp>
#include <vector>
using namespace conform;

int main() {
  std::vector<float> const values(12);
#ifdef WRONG
  tensor<float, batch<2>, token<6>> x(values.begin(), values.end());
#else
  tensor<float, batch<2>, token<6>> x(values);
#endif
  (void)x;
}

// Values of another type.
// C046 tensor [batch=2, token=6]: its elements are float, and those of the values double
#include <conform/conform.hpp>
#include <vector>
using namespace conform;

int main() {
  std::vector<double> const values(12);
#ifdef WRONG
  tensor<float, batch<2>, token<6>> x(values);
#else
  tensor<float, batch<2>, token<6>> x(std::vector<float>(values.begin(), values.end()));
#endif
  (void)x;
}

// Double elements assigned to a tensor of float.
// C018 tensor [token=6, embed=512]: the elements are float and double, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<double, token<6>, embed<512>> x;
#ifdef WRONG
  tensor<float, token<6>, embed<512>> y = x;
#else
  tensor<float, token<6>, embed<512>> y(x);
#endif
  (void)y;
}

// A tensor of 6 tokens becomes one of 5. To cut it is a slice.
// C008 tensor [token=5, embed=512]: token=5 in the target, token=6 in the source
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  tensor<float, token<5>, embed<512>> y = x;
#else
  tensor<float, token<5>, embed<512>> y(slice<token, 0, 5>(x));
#endif
  (void)y;
}

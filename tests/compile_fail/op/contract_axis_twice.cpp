// An axis that is summed twice.
// C014 contract: embed is named twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, embed<512>, hidden<64>> w;
#ifdef WRONG
  (void)contract<embed, embed>(x, w);
#else
  (void)contract<embed>(x, w);
#endif
}

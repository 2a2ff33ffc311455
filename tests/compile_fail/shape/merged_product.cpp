// A merged axis whose parts do not multiply to its extent: 8 heads of 60 are 480.
// C009 merged embed=512 of head=8, head_dim=60: they make 480
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, token<6>, merged<embed<512>, head<8>, head_dim<60>>> x;
#else
  tensor<float, token<6>, merged<embed<512>, head<8>, head_dim<64>>> x;
#endif
  (void)x;
}

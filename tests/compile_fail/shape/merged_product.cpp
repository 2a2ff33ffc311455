// A merged axis whose parts do not multiply to its extent: 8 heads of 60 are 480.
// C009 shape [token=6, embed=512]: embed is head=8 x head_dim=60, which make 480
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

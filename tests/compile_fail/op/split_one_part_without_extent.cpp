// The width of a head that is left to be computed.
// C040 split<embed, head<8>, head_dim>: head_dim is named with its extent, as in split<embed, head<8>, head_dim<64>>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)split<embed, head<8>, head_dim>(x);
#else
  (void)split<embed, head<8>, head_dim<dyn<"D">>>(x);
#endif
}

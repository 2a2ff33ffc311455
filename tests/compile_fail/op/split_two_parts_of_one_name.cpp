// Two parts by one name: which of them a call means, nobody could say.
// C013 split embed into head=8, head=64: two parts are named head
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
#ifdef WRONG
  auto y = split<embed, head<8>, head<64>>(x);
#else
  auto y = split<embed, head<8>, head_dim<64>>(x);
#endif
  (void)y;
}

// Another width than the heads make.
// C009 merge head=8, head_dim=64 into embed=256: they make 512
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
#ifdef WRONG
  auto y = merge<embed<256>, head, head_dim>(x);
#else
  auto y = merge<embed<512>, head, head_dim>(x);
#endif
  (void)y;
}

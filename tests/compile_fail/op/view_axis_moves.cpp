// A view that moves the heads in front of the tokens, as a reshape would.
// C023 view [token=6, head=8, head_dim=64] as [head=8, token=6, head_dim=64]: token changes its place or extent,
// permute or slice first
// Why: A view keeps the elements in the order of memory. The numbers fit here, and every head would get columns of all
// others.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head<8>, head_dim<64>> x;
#ifdef WRONG
  auto y = view<head<8>, token<6>, head_dim<64>>(x);
#else
  auto y = permute<head, token, head_dim>(x);
#endif
  (void)y;
}

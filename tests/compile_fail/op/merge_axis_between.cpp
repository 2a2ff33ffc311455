// Heads merged where the tokens lie between them: to copy them in that order changes nothing.
// C011 merge head, head_dim: head and head_dim are not adjacent in memory, as token lies between, permute and call
// contiguous
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> x;
#ifdef WRONG
  auto y = merge<embed, head, head_dim>(contiguous(x));
#else
  auto y = merge<embed, head, head_dim>(contiguous(transpose<head, token>(x)));
#endif
  (void)y;
}

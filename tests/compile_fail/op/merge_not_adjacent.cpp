// Heads merged back straight after the transposition.
// C011 merge head, head_dim: head and head_dim are not adjacent in memory, call contiguous
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> context;
  auto back = transpose<head, token>(context);
#ifdef WRONG
  auto merged = merge<embed, head, head_dim>(back);
#else
  auto merged = merge<embed, head, head_dim>(contiguous(back));
#endif
  (void)merged;
}

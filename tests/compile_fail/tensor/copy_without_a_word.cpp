// A view becomes a tensor. Elements are copied only where the code says so.
// C028 tensor [token=6, embed=512] from a view or a tensor that stays: a copy is written out, tensor<...>(x)
// Why: A copy of a large tensor costs time and memory, and what is written to it does not reach the other one.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<512>> x;
  auto view = view_of(x);
#ifdef WRONG
  tensor<float, token<6>, embed<512>> y = view;
#else
  tensor<float, token<6>, embed<512>> y(view);
#endif
  (void)y;
}

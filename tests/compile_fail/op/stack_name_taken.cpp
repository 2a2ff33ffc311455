// A new axis in front, by a name that there is.
// C013 stack: there is an axis token already in [token=6, head_dim=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, head_dim<64>> a, b;
#ifdef WRONG
  auto y = stack<token>(a, b);
#else
  auto y = stack<head>(a, b);
#endif
  (void)y;
}

// Parts of a tensor that is gone at the end of the line.
// C017 chunk embed: the parts would outlive a temporary, name it first
// Why: The parts are views, and nobody would keep the memory that they look at.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, embed<1536>> x;
#ifdef WRONG
  auto parts = chunk<embed, 3>(scaled(x, 2.f));
#else
  auto doubled = scaled(x, 2.f);
  auto parts = chunk<embed, 3>(doubled);
#endif
  (void)parts;
}

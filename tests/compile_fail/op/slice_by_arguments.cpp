// Positions of a slice as arguments.
// C041 slice<token>: it is called as in slice<token, 0, 3>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)slice<token>(x, 0, 3);
#else
  (void)slice<token, 0, 3>(x);
#endif
}

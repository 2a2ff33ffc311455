// An axis renamed, with its extent.
// C040 rename<token<6>, key>: token is named without its extent, as in rename<token, key>(x)
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  (void)rename<token<6>, key>(x);
#else
  (void)rename<token, key>(x);
#endif
}

// A view that would only call keys tokens.
// C023 view [key=6, embed=512] as [token=6, embed=512]: key would only change its name, rename<key, token> says it
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, key<6>, embed<512>> x;
#ifdef WRONG
  auto y = view<token<6>, embed<512>>(x);
#else
  auto y = rename<key, token>(x);
#endif
  (void)y;
}

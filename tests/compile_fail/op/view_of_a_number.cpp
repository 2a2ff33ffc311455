// A view of no memory.
// C041 view<token<2>>: it is called as in view<token<6>, embed<512>>(std::span(values))
#include <conform/conform.hpp>
using namespace conform;

int main() {
  float values[2]{};
#ifdef WRONG
  (void)view<token<2>>(3);
#else
  (void)view<token<2>>(values);
#endif
  (void)values;
}

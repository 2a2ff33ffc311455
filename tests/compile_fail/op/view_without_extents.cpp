// A view of memory by names alone.
// C040 view<token>: token is named with its extent, as in view<token<6>, embed<512>>(std::span(values))
#include <conform/conform.hpp>
using namespace conform;

int main() {
  float values[6]{};
#ifdef WRONG
  (void)view<token>(values);
#else
  (void)view<token<6>>(values);
#endif
}

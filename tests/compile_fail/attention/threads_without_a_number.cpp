// A scope that does not say how many threads.
// C045 use_threads: a number of threads is needed, and nothing is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  use_threads const scope;
#else
  use_threads const scope(2);
#endif
  (void)scope;
}

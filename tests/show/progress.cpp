// SPDX-License-Identifier: BSL-1.0
// Work of five pieces with a bar, for progress.py to watch.
#include <cstdio>

#include <conform/show/progress_bar.hpp>

int main() {
  {
    conform::progress_bar bar("working", 5);
    for (int i = 0; i < 4; ++i) bar.advance();
    bar.advance(100);  // more than there is: it stays at the end
    if (bar.done() != 5) return 1;
  }
  conform::progress_bar const nothing("nothing", 0);
  std::puts("done");
}

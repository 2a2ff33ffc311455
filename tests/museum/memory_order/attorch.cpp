// The kernel computed with one axis of rows for batch, head and token, and the heads were a transposed view: each read
// head 0. They wrote over each other as well, so that the output changed from run to run. It was there for over two
// years; the maintainer deprecated the module.
// https://github.com/BobMcDear/attorch/issues/14
// C011 merge batch, head, token: batch and head are not adjacent in memory, call contiguous
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct row : axis<"row", N> {};

int main() {
  tensor<float, batch<2>, token<4>, embed<32>> x;
  auto q = transpose<token, head>(split<embed, head<4>, head_dim<8>>(x));
#ifdef WRONG
  auto rows = merge<row, batch, head, token>(q);  // what the kernel walks over
#else
  auto rows = merge<row, batch, head, token>(contiguous(q));
#endif
  (void)rows;
}

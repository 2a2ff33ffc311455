// The kernel took the strides from the shape instead of the tensor, and scrambled what (B, H, S, D).transpose(1, 2)
// gave. That is the usual call from Hugging Face's layers. It was first repaired with a copy, then by reading the
// strides.
// https://github.com/Dao-AILab/flash-attention/pull/2670
// C011 merge batch, token, head: batch and token are not adjacent in memory, call contiguous
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct row : axis<"row", N> {};

int main() {
  tensor<float, batch<2>, head<4>, token<4>, head_dim<256>> states;
  auto q = transpose<head, token>(states);  // [batch, token, head, head_dim], a view
#ifdef WRONG
  auto rows = merge<row, batch, token, head>(q);  // strides as if q were contiguous
#else
  auto rows = merge<row, batch, token, head>(contiguous(q));
#endif
  (void)rows;
}

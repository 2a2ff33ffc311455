// The "spatial" attention attends over frames and videos, the "temporal" one over pixels and videos. An issue said so
// in one sentence. It was closed as stale.
// https://github.com/kyegomez/movie-gen/issues/8
// C028 tensor [token=4, frame=4, embed=32] from [frame=4, token=4, embed=32]: the order differs, permute first
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct frame : axis<"frame", N> {};

// As nn.MultiheadAttention with batch_first=False: the first axis is the sequence.
tensor<float, token<4>, frame<4>, embed<32>> spatial_attention(tensor<float, token<4>, frame<4>, embed<32>> const& x) {
  return multi_head_attention<float, embed<32>, head<4>>{}(x);
}

int main() {
  // a token is a pixel, a frame one of any video of the batch
  tensor<float, frame<4>, token<4>, embed<32>> x_reshaped;
#ifdef WRONG
  auto y = spatial_attention(x_reshaped);
#else
  auto y = spatial_attention(contiguous(permute<token, frame, embed>(x_reshaped)));
#endif
  (void)y;
}

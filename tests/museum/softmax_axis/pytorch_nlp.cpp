// The weights were normalised over batch and outputs together, not over what is attended to. With one batch and one
// output, as in the documented example, every weight was exactly 1, whatever went in. The reporter noticed that.
// https://github.com/PetrochukM/PyTorch-NLP/issues/2
// C031 weighted_sum key: the weights are no distribution over key, softmax<key> makes one
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct row : axis<"row", N> {};

int main() {
  tensor<float, batch<5>, token<5>, key<5>> scores;
  tensor<float, batch<5>, key<5>, embed<256>> context;
  auto rows = merge<row, batch, token>(scores);  // view(batch_size * output_len, query_len)
#ifdef WRONG
  auto mixed = weighted_sum<key>(split<row, batch<5>, token<5>>(softmax<row>(rows)), context);
#else
  auto mixed = weighted_sum<key>(split<row, batch<5>, token<5>>(softmax<key>(rows)), context);
#endif
  (void)mixed;
}

// is_causal=True was handed on as "causal", which begins at the first key in PyTorch and ends at the last one in MLX.
// "Nothing is raised, so the model simply produces bad output": the error was 2.7 to 4.1 with one query and sixteen
// keys, and none with equally many.
// https://github.com/pytorch/executorch/issues/22426
// C024 causal with token=1, key=16: say which corner, causal_from_start or causal_to_end
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<1>, head<4>, token<1>, head_dim<64>> q;
  tensor<float, batch<1>, head<4>, key<16>, head_dim<64>> k, v;
#ifdef WRONG
  auto context = attention(q, k, v, causal);
#else
  auto context = attention(q, k, v, causal_from_start);  // what PyTorch means
#endif
  (void)context;
}

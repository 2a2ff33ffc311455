// The kernel takes chunks of a prompt behind a cache and masks as if queries and keys began at the same place. Every
// query hid the most recent keys. With equally many of both, all that ran, it is right.
// https://github.com/gittensor-ai-lab/sparkinfer/issues/3
// C024 causal with token=4, key=16: say which corner, causal_from_start or causal_to_end
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<4>, head_dim<64>> q;  // the last 4 tokens of 16
  tensor<float, head<8>, key<16>, head_dim<64>> k, v;
#ifdef WRONG
  auto context = attention(q, k, v, causal);
#else
  auto context = attention(q, k, v, causal_to_end);
#endif
  (void)context;
}

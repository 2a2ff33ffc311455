// Makeup is warped from one face to another with weights that do not sum to 1 over what is summed. Asked with the
// matrix product written out, an author of the paper (AAAI 2022) answered: "You are correct, thank you very much". The
// demo in the stored copy has it still.
// https://github.com/Snowfallingplum/SSAT/issues/5
// C031 weighted_sum key: the weights are a distribution over token, not over key
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N> struct channel : axis<"channel", N> {};

int main() {
  tensor<float, batch<2>, key<64>, token<64>> energy;  // [places of face b, places of face a]
  tensor<float, batch<2>, channel<3>, key<64>> raw;    // the pixels of face b
#ifdef WRONG
  auto warped = weighted_sum<key>(softmax<token>(energy), raw);
#else
  auto warped = weighted_sum<key>(softmax<key>(energy), raw);
#endif
  (void)warped;
}

// Weights that come from elsewhere, without a word about which way they lie.
// C032 load: say the order of the matrix, in_by_out or out_by_in
// Why: PyTorch has a row for each output, Keras and Flax have one for each input, and a square matrix fits both ways.
#include <conform/conform.hpp>

#include <array>

using namespace conform;

int main() {
  linear<float, embed<2>, hidden<3>> layer;
  std::array<float, 6> values{1, 2, 3, 4, 5, 6};
#ifdef WRONG
  load(layer.weight, values);
#else
  load(layer.weight, out_by_in, values);
#endif
}

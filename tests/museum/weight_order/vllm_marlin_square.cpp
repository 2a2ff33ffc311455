// A kernel guessed the order of a matrix from its extents, and square ones, as of q_proj and o_proj, stayed
// untransposed. No error and no NaN: the model answered with commas. The repair has each caller say the order.
// https://github.com/vllm-project/vllm/issues/44110
// C032 load: say the order of the matrix, in_by_out or out_by_in
#include <conform/conform.hpp>
#include <vector>
using namespace conform;

int main() {
  linear<float, embed<64>, embed<64>> q_proj;
  std::vector<float> w_q(64 * 64);  // a row for each output
#ifdef WRONG
  load(q_proj.weight, w_q);
#else
  load(q_proj.weight, out_by_in, w_q);
#endif
}

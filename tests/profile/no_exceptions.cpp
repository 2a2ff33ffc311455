// SPDX-License-Identifier: BSL-1.0
// Compiled without exceptions and without RTTI. Without an argument all is right; with one, a claim that only the run can
// check is broken: the sentence goes to the standard error and the program is aborted.
#include <cstring>

#include <conform/conform.hpp>

#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#error "this program is about what there is without exceptions and RTTI"
#endif

using namespace conform;

namespace {

constexpr std::size_t B = dyn<"B">;

float attend(std::size_t queries, std::size_t keys) {
  tensor<float, batch<B>, token<6>, head_dim<8>> q(bind<"B">(queries));
  tensor<float, batch<B>, key<9>, head_dim<8>> k(bind<"B">(keys)), v(bind<"B">(keys));
  fill_uniform(v, 1);
  use_threads const two(2);
  return attention(q, k, v, softcap(30)).at(0, 0, 0);
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 1) {
    encoder_layer<float, embed<16>, head<2>, hidden<32>> layer;
    fill_uniform(layer, 2);
    tensor<float, batch<2>, token<4>, embed<16>> x;
    fill_uniform(x, 3);
    use_threads const two(2);
    auto const y = layer(x, causal);
    return y.at(1, 3, 15) != 0 && attend(3, 3) != 0 ? 0 : 1;
  }
  if (std::strcmp(arguments[1], "shape") == 0) attend(3, 2);
  tensor<float, token<6>> x;
  tensor<int, token<1>> ids{7};
  if (std::strcmp(arguments[1], "position") == 0) return x.at(6) > 0;
  if (std::strcmp(arguments[1], "threads") == 0) use_threads const none(0);
  tensor<float, key<3>, embed<6>> table;
  if (std::strcmp(arguments[1], "lookup") == 0) return lookup<key>(table, ids).size() != 0;
  return 1;
}

// SPDX-License-Identifier: BSL-1.0
#include <conform/conform.hpp>
#include <iostream>
using namespace conform;

int main() {
  linear<float, embed<1>, concatenated<qkv<768>, q_embed<512>, k_embed<128>, v_embed<128>>> projection;  // shown
  for (std::size_t i = 0; i < 768; ++i) projection.weight(0, i) = static_cast<float>(i);
  tensor<float, token<2>, embed<1>> input{{1}, {2}};
  auto x = projection(input);  // shown
  auto [q, k, v] = chunk<qkv, 3>(x);  // the mistake
  std::cout << "q, k and v begin with " << q(0, 0) << ' ' << k(0, 0) << ' ' << v(0, 0) << '\n';
}

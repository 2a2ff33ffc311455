// SPDX-License-Identifier: BSL-1.0
// The first of two translation units that include everything: they link, and share what must be one.
#include <conform/conform.hpp>

#include <cstdio>

const void* configuration_seen_from_second();
float sum_in_second(conform::tensor_view<const float, conform::shape<conform::token<2>, conform::embed<3>>> x);

int main() {
  using namespace conform;
  tensor<float, token<2>, embed<3>> x{{1, 2, 3}, {4, 5, 6}};
  if (&blis::configuration() != configuration_seen_from_second()) {
    std::puts("two copies of the kernel configuration");
    return 1;
  }
  if (sum_in_second(as_const_view(x)) != 21.f) {
    std::puts("a view does not survive the way into another translation unit");
    return 1;
  }
}

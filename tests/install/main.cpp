// SPDX-License-Identifier: BSL-1.0
#include <conform/blis/gemm.hpp>

int main() {
  const float a[] = {1, 2}, b[] = {3, 4};
  float c = 0;
  conform::blis::gemm(1, 1, 2, 1, a, 2, 1, b, 1, 1, 0, &c, 1, 1);
  return c == 11 ? 0 : 1;
}

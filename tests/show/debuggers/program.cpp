// SPDX-License-Identifier: BSL-1.0
// Values for a debugger to show: it stops in `here`.
#include <conform/conform.hpp>

using namespace conform;

template <std::size_t N>
struct patch : conform::axis<"patch", N> {};

__attribute__((noinline)) void here() { __asm__ volatile(""); }

int main() {
  tensor<float, token<2>, embed<3>> fixed{{1, 2, 3}, {4, 5, 6}};
  tensor<float, batch<2>, token<dyn<"T">>> open(bind<"T">(3));
  open(1, 2) = 7;
  inplace_tensor<int, token<2>> small{{8, 9}};
  auto view = transpose<token, embed>(fixed);
  auto heads = split<token, head<dyn<"H">>, head_dim<dyn<"D">>>(open, bind<"H">(3), bind<"D">(1));
  auto merged_axes = merge<hidden, token, embed>(fixed);
  auto weights = softmax<embed>(fixed);
  tensor<double, patch<2>> own{{0.5, 0.25}};
  tensor<bfloat16, token<2>> half{{bfloat16(1.5f), bfloat16(-2.0f)}};
  kv_cache<float, batch<2>, key<16>, head_dim<4>> cache;
  tensor<float, batch<2>, key<3>, head_dim<4>> kv;
  cache.append(kv, kv);
  kv_cache<float, key<16>, head_dim<4>> single;
  kv_ring<float, key<4>, head_dim<4>> ring;
  ring.append(tensor<float, key<2>, head_dim<4>>(), tensor<float, key<2>, head_dim<4>>());
  shape<batch<2>, token<dyn<"T">>> axes;
  token<6> axis;
  here();
  return fixed(0, 0) + open(1, 2) + view(0, 0) + heads.data()[0] + merged_axes.data()[0] + weights(0, 0) > 1000 || small(0) == 0 ||
         own(0) == 0 || half.data() == nullptr || single.length() != 0 || cache.length() == 0 || ring.length() == 0 ||
         axes.rank == 0 || axis.extent == 0;
}

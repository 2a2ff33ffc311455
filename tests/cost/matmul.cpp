// SPDX-License-Identifier: BSL-1.0
// One product, `matmul` of views, or by hand with BLIS's gemm or Conform's own loop around its micro-kernel, some times over:
// for instructions.py to count.
//
//   cost_matmul matmul | gemm | loop   PRODUCT   TIMES
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <conform/conform.hpp>

using namespace conform;

namespace {

template <std::size_t N>
struct inner : axis<"inner", N> {};

// By hand the result is there before; `matmul` makes its own.
enum class way { matmul, gemm, loop };

template <std::size_t Tokens, std::size_t In, std::size_t Out>
int multiply(way how, int times) {
  tensor<float, token<Tokens>, embed<In>> x;
  tensor<float, embed<In>, inner<Out>> w;
  fill_uniform(x, 1);
  fill_uniform(w, 2);
  tensor<float, token<Tokens>, inner<Out>> y;
  float sum = 0;
  for (int i = 0; i < times; ++i) {
    if (how == way::gemm)
      blis::gemm<float>(Tokens, Out, In, 1, x.data(), In, 1, w.data(), Out, 1, 0, y.data(), Out, 1);
    else if (how == way::loop)
      blis::multiply<float>(Tokens, In, Out, x.data(), In, 1, w.data(), Out, 1, y.data(), Out);
    else
      y = matmul<embed>(view_of(x), view_of(w));
    sum += y(0, 0);
  }
  return sum == 0.5F;  // used
}

// A view of the heads' queries and keys, where they lie after a projection: strides, and a batch of products.
template <std::size_t Tokens, std::size_t Heads, std::size_t Width>
int scores(way how, int times) {
  tensor<float, token<Tokens>, embed<Heads * Width>> q, k;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  tensor<float, head<Heads>, token<Tokens>, key<Tokens>> y;
  float sum = 0;
  for (int i = 0; i < times; ++i) {
    if (how == way::gemm)
      for (std::size_t h = 0; h < Heads; ++h)
        blis::gemm<float>(Tokens, Tokens, Width, 1, q.data() + h * Width, Heads * Width, 1, k.data() + h * Width, 1,
                          Heads * Width, 0, y.data() + h * Tokens * Tokens, Tokens, 1);
    else if (how == way::loop)
      for (std::size_t h = 0; h < Heads; ++h)
        blis::multiply<float>(Tokens, Width, Tokens, q.data() + h * Width, Heads * Width, 1, k.data() + h * Width, 1,
                              Heads * Width, y.data() + h * Tokens * Tokens, Tokens);
    else
      y = matmul<head_dim>(transpose<token, head>(split<embed, head<Heads>, head_dim<Width>>(q)),
                           rename<token, key>(transpose<token, head>(split<embed, head<Heads>, head_dim<Width>>(k))));
    sum += y(0, 0, 0);
  }
  return sum == 0.5F;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  way const how = std::strcmp(arguments[1], "gemm") == 0   ? way::gemm
                  : std::strcmp(arguments[1], "loop") == 0 ? way::loop
                                                           : way::matmul;
  int const times = std::atoi(arguments[3]);
  if (std::strcmp(arguments[2], "large") == 0) return multiply<128, 768, 768>(how, times);
  if (std::strcmp(arguments[2], "middle") == 0) return multiply<64, 96, 128>(how, times);
  if (std::strcmp(arguments[2], "small") == 0) return multiply<16, 16, 16>(how, times);
  if (std::strcmp(arguments[2], "row") == 0) return multiply<1, 512, 512>(how, times);
  if (std::strcmp(arguments[2], "heads") == 0) return scores<64, 8, 64>(how, times);
  return 2;
}

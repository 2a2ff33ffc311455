// SPDX-License-Identifier: BSL-1.0
// What a user with many warnings writes: much of Conform instantiated, for float and for double, where it is no system header.
#include <iostream>

#include <conform/conform.hpp>

namespace {

using namespace conform;

template <class T>
bool attends() {
  tensor<T, token<4>, head_dim<8>> q;
  tensor<T, key<dyn<"K">>, head_dim<8>> k(bind<"K">(5)), v(bind<"K">(5));
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  tensor<bool, token<4>, key<dyn<"K">>> mask(bind<"K">(5));
  mask(0, 0) = true;
  auto const y = attention(q, k, v, softcap(2), scale(static_cast<T>(0.5)), ignore_where(mask));
  auto const z = attention(q, k, v, dropout(0.1F, 7), window_of(2, 0), causal_to_end);
  return y.at(0, 0) > T(-2) && z.at(3, 7) > T(-2);
}

template <class T>
bool operates() {
  tensor<T, token<4>, embed<8>> x;
  fill_uniform(x, 4);
  tensor<T, embed<8>> one, none;
  fill(one, 1);
  auto const normed = layer_norm<embed>(x, one, none);
  auto const weights = softmax<embed>(rms_norm<embed>(gelu(x) + normed, one));
  auto const heads = transpose<token, head>(split<embed, head<2>, head_dim<4>>(weights));
  auto const back = concat<token>(contiguous(merge<embed, head, head_dim>(transpose<head, token>(heads))), x);
  std::cout << describe(back) << '\n';
  return back.at(0, 0) >= T(0);
}

template <class T>
bool layers() {
  encoder_layer<T, embed<16>, head<2>, hidden<32>> layer;
  fill_uniform(layer, 5);
  tensor<T, batch<2>, token<4>, embed<16>> x;
  auto const y = layer(x, causal);
  linear<T, embed<16>, hidden<3>> out;
  return out(y).at(1, 3, 2) < T(1000) && count_parameters(layer) > 100;
}

}  // namespace

int main() {
  return attends<float>() && attends<double>() && operates<float>() && operates<double>() && layers<float>() ? 0 : 1;
}

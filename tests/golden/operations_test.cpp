// SPDX-License-Identifier: BSL-1.0
// Operations against PyTorch: static and run-time extents, float and double, also transposed.
#include <boost/test/unit_test.hpp>

#include <conform/op/op.hpp>

#include "golden_tensor.hpp"

namespace {

using namespace conform;
using golden::B, golden::D, golden::E, golden::L, golden::S;
using golden::check, golden::file, golden::load;

template <class T, class Batch, class Token, class Key>
void check_softmax() {
  file const f("op_softmax");
  using three = tensor<T, Batch, Token, Key>;
  auto const x = load<three>(f, "x"), finite = load<three>(f, "finite");
  check(softmax<key>(x), f, "softmax_key");
  check(softmax<token>(x), f, "softmax_token");
  check(log_softmax<key>(finite), f, "log_softmax_key");
  check(log_softmax<token>(finite), f, "log_softmax_token");
  check(softmax<key>(load<three>(f, "x")), f, "softmax_key");  // in the memory of a temporary
  check(transpose<token, key>(softmax<key>(transpose<token, key>(x))), f, "softmax_key");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(softmax_matches, T, golden::scalars) {
  check_softmax<T, batch<2>, token<3>, key<5>>();
  check_softmax<T, B, L, S>();
  check_softmax<T, B, token<3>, S>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(softmax_of_large_numbers_matches, T, golden::scalars) {
  file const f("op_softmax");
  auto const large = load<tensor<T, token<3>, key<4>>>(f, "large");
  check(softmax<key>(large), f, "softmax_large");
  check(log_softmax<key>(large), f, "log_softmax_large");
}

template <class T, class Batch, class Token, class Embed>
void check_norm() {
  file const f("op_norm");
  using three = tensor<T, Batch, Token, Embed>;
  using one = tensor<T, Embed>;
  auto const x = load<three>(f, "x"), shifted = load<three>(f, "shifted");
  auto const scale = load<one>(f, "scale"), bias = load<one>(f, "bias");
  check(layer_norm<embed>(x, scale, bias, 1e-5), f, "layer_norm");
  check(layer_norm<embed>(shifted, scale, bias, 1e-5), f, "layer_norm_shifted");
  check(layer_norm<embed>(x, scale, bias, f.scalar("eps")), f, "layer_norm_eps");
  check(rms_norm<embed>(x, scale, 1e-5), f, "rms_norm");
  check(rms_norm<embed>(x, scale, f.scalar("eps")), f, "rms_norm_eps");
  check(layer_norm<embed>(load<three>(f, "x"), scale, bias), f, "layer_norm");
  check(transpose<token, embed>(layer_norm<embed>(transpose<token, embed>(x), scale, bias)), f, "layer_norm");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(norm_matches, T, golden::scalars) {
  check_norm<T, batch<2>, token<3>, embed<8>>();
  check_norm<T, B, L, E>();
}

template <class T, class Embed>
void check_activation() {
  file const f("op_activation");
  auto const x = load<tensor<T, Embed>>(f, "x");
  check(relu(x), f, "relu");
  check(gelu(x), f, "gelu");
  check(gelu_tanh(x), f, "gelu_tanh");
  check(silu(x), f, "silu");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(activation_matches, T, golden::scalars) {
  check_activation<T, embed<65>>();
  check_activation<T, E>();
}

template <class T, class Batch, class Token, class Key, class Width>
void check_matmul() {
  file const f("op_matmul");
  auto const a = load<tensor<T, Batch, Token, Width>>(f, "a");
  auto const b = load<tensor<T, Batch, Key, Width>>(f, "b");
  auto const c = load<tensor<T, Batch, Width, Key>>(f, "c");
  check(matmul<head_dim>(a, b), f, "a_b");
  check(matmul<head_dim>(a, c), f, "a_c");
  check(matmul<head_dim>(a, transpose<key, head_dim>(b)), f, "a_b");
  check(matmul<head_dim>(contiguous(transpose<token, head_dim>(a)), c), f, "a_c");
  check(transpose<token, key>(matmul<head_dim>(b, a)), f, "a_b");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(matmul_matches, T, golden::scalars) {
  check_matmul<T, batch<2>, token<5>, key<3>, head_dim<7>>();
  check_matmul<T, B, L, S, D>();
}

template <class T, class Batch, class Token, class Vocab, class Embed>
void check_lookup() {
  file const f("op_embedding");
  auto const table = load<tensor<T, Vocab, Embed>>(f, "table");
  check(lookup<vocab>(table, load<tensor<int, Batch, Token>>(f, "ids")), f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lookup_matches, T, golden::scalars) {
  check_lookup<T, batch<2>, token<3>, vocab<7>, embed<4>>();
  check_lookup<T, B, L, vocab<dyn<"N">>, E>();
}

template <class T, class Batch, class Token, class Embed>
void check_reduce() {
  file const f("op_reduce");
  auto const x = load<tensor<T, Batch, Token, Embed>>(f, "x");
  check(sum<token>(x), f, "sum_token");
  check(mean<token>(x), f, "mean_token");
  check(max<token>(x), f, "max_token");
  check(sum<embed>(x), f, "sum_embed");
  check(mean<embed>(x), f, "mean_embed");
  check(max<embed>(x), f, "max_embed");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(reduce_matches, T, golden::scalars) {
  check_reduce<T, batch<2>, token<3>, embed<5>>();
  check_reduce<T, B, L, E>();
}

}  // namespace

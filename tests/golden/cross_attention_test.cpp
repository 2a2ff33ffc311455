// SPDX-License-Identifier: BSL-1.0
// multi_head_attention of x with a memory, and with widths of their own, against PyTorch.
#include <boost/test/unit_test.hpp>

#include <conform/layer/multi_head_attention.hpp>
#include <conform/op/op.hpp>

#include "golden_layer.hpp"

namespace {

using namespace conform;
using golden::B, golden::L, golden::S;
using golden::check, golden::file, golden::load, golden::load_layer;

template <class T>
using two_heads = multi_head_attention<T, embed<8>, head<2>>;

template <class X, class Memory, class Mha, class... Options>
void check_cross(Mha const& mha, file const& f, Options const&... options) {
  check(mha(load<X>(f, "x"), load<Memory>(f, "memory"), options...), f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(two_queries_four_keys, T, golden::scalars) {
  file const f("mha_cross"), padded("mha_cross_key_padding"), one("mha_one_key");
  auto const mha = load_layer<two_heads<T>>(f);
  using x = tensor<T, batch<2>, token<2>, embed<8>>;
  using memory = tensor<T, batch<2>, key<4>, embed<8>>;
  using run_time_x = tensor<T, B, L, embed<8>>;
  using run_time_memory = tensor<T, B, S, embed<8>>;
  check_cross<x, memory>(mha, f);
  check_cross<run_time_x, run_time_memory>(mha, f);
  check_cross<run_time_x, run_time_memory>(load_layer<two_heads<T>>(one), one);

  auto const padding = load<tensor<bool, batch<2>, key<4>>>(padded, "key_padding");
  check_cross<x, memory>(load_layer<two_heads<T>>(padded), padded, ignore_where(padding));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(three_heads_of_five_by_seven, T, golden::scalars) {
  file const f("mha_odd");
  using odd = multi_head_attention<T, embed<15>, head<3>>;
  auto const mha = load_layer<odd>(f);
  check_cross<tensor<T, batch<2>, token<5>, embed<15>>, tensor<T, batch<2>, key<7>, embed<15>>>(mha, f);
  check_cross<tensor<T, B, L, embed<15>>, tensor<T, B, S, embed<15>>>(mha, f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keys_and_values_of_another_width, T, golden::scalars) {
  using x = tensor<T, batch<2>, token<3>, embed<8>>;
  using run_time_x = tensor<T, B, L, embed<8>>;
  {
    file const f("mha_cross_width");
    using layer = multi_head_attention<T, embed<8>, head<2>, keys_from<embed<6>>, values_from<embed<6>>>;
    auto const mha = load_layer<layer>(f);
    check_cross<x, tensor<T, batch<2>, key<5>, embed<6>>>(mha, f);
    check_cross<run_time_x, tensor<T, B, S, embed<6>>>(mha, f);
  }
  file const f("mha_kdim_vdim");
  using layer = multi_head_attention<T, embed<8>, head<2>, keys_from<embed<6>>, values_from<embed<5>>>;
  auto const mha = load_layer<layer>(f);
  check(mha(load<x>(f, "x"), load<tensor<T, batch<2>, key<5>, embed<6>>>(f, "memory"),
            load<tensor<T, batch<2>, key<5>, embed<5>>>(f, "values")),
        f, "result");
  check(mha(load<run_time_x>(f, "x"), load<tensor<T, B, S, embed<6>>>(f, "memory"),
            load<tensor<T, B, S, embed<5>>>(f, "values")),
        f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rectangular, T, golden::scalars) {
  file const f("mha_rectangular");
  auto const mha = load_layer<multi_head_attention<T, embed<6>, head<3>, head_dim<5>, embed<7>>>(f);
  check(mha(load<tensor<T, batch<2>, token<4>, embed<6>>>(f, "x"), causal), f, "result");
  check(mha(load<tensor<T, B, L, embed<6>>>(f, "x"), causal), f, "result");
}

// From its parts: head_dim 4 for queries and keys, value_dim 3.
template <class T, class X>
void check_value_dim() {
  file const f("mha_value_dim");
  auto const x = load<X>(f, "x");
  auto const query = load_layer<linear<T, embed<6>, embed<8>>>(f, "query.");
  auto const keys = load_layer<linear<T, embed<6>, embed<8>>>(f, "key.");
  auto const values = load_layer<linear<T, embed<6>, embed<6>>>(f, "value.");
  auto const out = load_layer<linear<T, embed<6>, embed<6>>>(f, "out.");
  auto const context = attention(transpose<token, head>(split<embed, head<2>, head_dim<4>>(query(x))),
                                 rename<token, key>(split<embed, head<2>, head_dim<4>>(keys(x))),
                                 rename<token, key>(split<embed, head<2>, value_dim<3>>(values(x))));
  check(out(merge<embed, head, value_dim>(contiguous(transpose<head, token>(context)))), f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(values_of_another_width_than_head_dim, T, golden::scalars) {
  check_value_dim<T, tensor<T, batch<2>, token<4>, embed<6>>>();
  check_value_dim<T, tensor<T, B, L, embed<6>>>();
}

}  // namespace

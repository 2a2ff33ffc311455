// SPDX-License-Identifier: BSL-1.0
// load(layer, file, table): every difference in one list, and the layer as it was where there is any.
#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <conform/conform.hpp>
#include <conform/io/load.hpp>

#include "bytes_of_file.hpp"

using namespace conform;
using files::refusal;

namespace {

// A weight_file in memory: load knows nothing of formats.
class arrays {
 public:
  void add(std::string const& name, dtype type, std::vector<std::size_t> const& extents, bool column_major = false) {
    names_.push_back(std::make_unique<std::string>(name));
    weight_entry e{*names_.back(), type, extents.size(), {}, 0, 0, column_major};
    std::copy(extents.begin(), extents.end(), e.extents.begin());
    BOOST_REQUIRE(detail::count_bytes(e, e.bytes));
    e.first_byte = data_.size();
    for (std::size_t i = 0; i < e.bytes; i += 4) data_ += files::bytes_of(static_cast<float>(next_++));
    entries_.push_back(e);
    std::ranges::sort(entries_, {}, &weight_entry::name);
  }
  std::span<weight_entry const> entries() const { return entries_; }
  std::span<std::byte const> bytes(weight_entry const& e) const {
    return std::as_bytes(std::span(data_)).subspan(e.first_byte, e.bytes);
  }
  std::string_view name() const { return "arrays"; }

 private:
  std::vector<std::unique_ptr<std::string>> names_;
  std::vector<weight_entry> entries_;
  std::string data_;
  int next_ = 0;
};

using small = linear<float, embed<2>, hidden<3>>;
constexpr weight_names kernel{weight_name("weight", "kernel", in_by_out), weight_name("bias", "bias")};
constexpr weight_names turned{weight_name("weight", "kernel", out_by_in), weight_name("bias", "bias")};
constexpr weight_names undeclared{weight_name("weight", "kernel"), weight_name("bias", "bias")};

template <class Layer, class Table>
std::string difference(Layer& layer, arrays const& file, Table const& table) {
  return refusal([&] { load(layer, file, table); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_matrix_in_either_order) {
  arrays by_inputs, by_outputs;
  by_inputs.add("kernel", dtype::f32, {2, 3});
  by_inputs.add("bias", dtype::f32, {3});
  by_outputs.add("kernel", dtype::f32, {3, 2});
  by_outputs.add("bias", dtype::f32, {3});
  small layer;
  load(layer, by_inputs, kernel);
  BOOST_TEST(layer.weight(1, 0) == 3);
  BOOST_TEST(layer.bias(2) == 8);
  load(layer, by_outputs, turned);
  BOOST_TEST(layer.weight(1, 0) == 1);
  BOOST_TEST(layer.weight(0, 2) == 4);
}

BOOST_AUTO_TEST_CASE(fortran_order_is_put_right) {
  arrays file;
  file.add("kernel", dtype::f32, {2, 3}, true);
  file.add("bias", dtype::f32, {3}, true);
  small layer;
  load(layer, file, kernel);
  BOOST_TEST(layer.weight(1, 0) == 1);
  BOOST_TEST(layer.weight(0, 1) == 2);
}

BOOST_AUTO_TEST_CASE(parts_of_one_array) {
  constexpr tables parts{fused_qkv_weight("qkv", in_by_out), weight_names{weight_name("out.weight", "out", in_by_out)}};
  arrays file;
  file.add("qkv", dtype::f32, {2, 6});
  file.add("out", dtype::f32, {2, 2});
  multi_head_attention<float, embed<2>, head<1>, without_bias> layer;
  load(layer, file, parts);
  BOOST_TEST(layer.key.weight(0, 1) == 3);
  BOOST_TEST(layer.value.weight(1, 0) == 10);
  BOOST_TEST(layer.out.weight(1, 0) == 14);
}

BOOST_AUTO_TEST_CASE(queries_keys_and_values_in_one_array) {
  constexpr auto by_outputs = fused_qkv_weight("w", out_by_in), by_inputs = fused_qkv_weight("w", in_by_out);
  constexpr auto bias = fused_qkv_bias("b");
  constexpr auto is = [](weight_place const& place, std::string_view array, matrix_order order, std::size_t part) {
    return place.known && place.name.view() == array && place.order == order && place.part_number == part && place.parts == 3;
  };
  using enum matrix_order;
  static_assert(is(by_outputs.find("query.weight"), "w", row_for_each_output, 0));
  static_assert(is(by_outputs.find("key.weight"), "w", row_for_each_output, 1));
  static_assert(is(by_outputs.find("value.weight"), "w", row_for_each_output, 2));
  static_assert(is(by_inputs.find("query.weight"), "w", row_for_each_input, 0));
  static_assert(is(bias.find("query.bias"), "b", undeclared, 0));
  static_assert(is(bias.find("key.bias"), "b", undeclared, 1));
  static_assert(is(bias.find("value.bias"), "b", undeclared, 2));
  static_assert(!by_outputs.find("out.weight").known && !by_outputs.find("query.bias").known && !bias.find("query.weight").known);
}

BOOST_AUTO_TEST_CASE(parts_are_as_long_as_their_parameters) {
  using attention = multi_head_attention<float, embed<4>, head<4>, kv_head<2>>;  // keys and values are half as wide as queries
  arrays by_outputs, by_inputs, equal;
  for (arrays* file : {&by_outputs, &by_inputs, &equal}) {
    file->add("in_proj_weight", dtype::f32,
              file == &by_inputs ? std::vector<std::size_t>{4, 8} : std::vector<std::size_t>{file == &equal ? 12u : 8u, 4});
    file->add("in_proj_bias", dtype::f32, {file == &equal ? 12u : 8u});
    file->add("out_proj.weight", dtype::f32, {4, 4});
    file->add("out_proj.bias", dtype::f32, {4});
  }
  attention layer;
  load(layer, by_outputs, torch_attention);
  BOOST_TEST(layer.key.weight(1, 0) == 17);    // row 4, column 1
  BOOST_TEST(layer.value.weight(0, 1) == 28);  // row 7, column 0
  BOOST_TEST(layer.value.bias(0) == 32 + 6);
  load(layer, by_inputs, tables(fused_qkv_weight("in_proj_weight", in_by_out), torch_attention));
  BOOST_TEST(layer.key.weight(1, 0) == 12);    // row 1, column 4
  BOOST_TEST(layer.value.weight(3, 1) == 31);  // row 3, column 7
  BOOST_TEST(difference(layer, equal, torch_attention).find("query.bias: 'in_proj_bias' has out_features=12 where out_features=8 is "
                                                            "needed, 3 parts in one") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(all_differences_are_told_at_once) {
  arrays file;
  file.add("kernel", dtype::f32, {3, 2});
  file.add("scale", dtype::f16, {2, 2});
  small layer;
  fill_uniform(layer, 5);
  auto const before = layer;
  BOOST_TEST(difference(layer, file, kernel) ==
             "C043 load from 'arrays': 3 differences\n"
             "  weight: 'kernel' has in_features=3 where in_features=2 is needed and out_features=2 where out_features=3 is needed; "
             "it fits out_by_in\n"
             "  missing bias [out_features=3]: there is no 'bias'\n"
             "  extra 'scale' F16 [2, 2]: no parameter is made from it");
  BOOST_TEST(max_abs_difference(layer.weight, before.weight) == 0);
}

BOOST_AUTO_TEST_CASE(the_order_of_a_square_matrix_is_never_guessed) {
  arrays file;
  file.add("kernel", dtype::f32, {2, 2});
  file.add("bias", dtype::f32, {2});
  linear<float, embed<2>, hidden<2>> layer;
  BOOST_TEST(difference(layer, file, undeclared) ==
             "C043 load from 'arrays': 1 difference\n"
             "  weight: the table does not say the order of 'kernel', in_by_out or out_by_in");
}

BOOST_AUTO_TEST_CASE(types_are_widened_where_that_is_said_and_never_narrowed) {
  arrays wide, narrow;
  wide.add("kernel", dtype::f64, {2, 3});
  wide.add("bias", dtype::i32, {3});
  narrow.add("kernel", dtype::bf16, {2, 3});
  narrow.add("bias", dtype::f16, {3});
  small layer;
  std::string const refused = "C043 load from 'arrays': 2 differences\n  weight: 'kernel' holds F64 where F32 is needed\n"
                              "  bias: 'bias' holds I32 where F32 is needed";
  BOOST_TEST(difference(layer, wide, kernel) == refused);
  BOOST_TEST(refusal([&] { load(layer, wide, kernel, widen); }) == refused);
  BOOST_TEST(difference(layer, narrow, kernel) ==
             "C043 load from 'arrays': 2 differences\n  weight: 'kernel' holds BF16 where F32 is needed, widen converts\n"
             "  bias: 'bias' holds F16 where F32 is needed, widen converts");
  BOOST_TEST(refusal([&] { load(layer, narrow, kernel, widen); }) == "nothing was refused");
}

BOOST_AUTO_TEST_CASE(half_precision_is_converted_exactly) {
  BOOST_TEST(detail::float_of_f16(0x3C00) == 1.0f);
  BOOST_TEST(detail::float_of_f16(0xC500) == -5.0f);
  BOOST_TEST(detail::float_of_f16(0x7BFF) == 65504.0f);
  BOOST_TEST(detail::float_of_f16(0x0001) == 0x1p-24f);
  BOOST_TEST(std::signbit(detail::float_of_f16(0x8000)));
  BOOST_TEST(std::isinf(detail::float_of_f16(0x7C00)));
  BOOST_TEST(std::isnan(detail::float_of_f16(0x7E00)));
#if defined(__FLT16_MANT_DIG__)
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    float const wanted = static_cast<float>(std::bit_cast<_Float16>(static_cast<std::uint16_t>(bits)));
    float const given = detail::float_of_f16(static_cast<std::uint16_t>(bits));
    if (wanted == wanted) BOOST_REQUIRE(std::bit_cast<std::uint32_t>(wanted) == std::bit_cast<std::uint32_t>(given));
  }
#endif
  BOOST_TEST(detail::float_of_bf16(0xC0A0) == -5.0f);
}

BOOST_AUTO_TEST_CASE(a_matrix_of_other_axes) {
  arrays file;
  file.add("kernel", dtype::f32, {2, 3, 1});
  file.add("bias", dtype::f32, {4});
  small layer;
  BOOST_TEST(difference(layer, file, kernel) ==
             "C043 load from 'arrays': 2 differences\n"
             "  weight: 'kernel' is [2, 3, 1], and [in_features=2, out_features=3] is needed\n"
             "  bias: 'bias' has out_features=4 where out_features=3 is needed");
}

BOOST_AUTO_TEST_CASE(two_parameters_are_not_made_from_one_array) {
  constexpr weight_names shared{weight_name("query.weight", "w", in_by_out), weight_name("key.weight", "w", in_by_out),
                                weight_name("value.weight", "v", in_by_out), weight_name("out.weight", "o", in_by_out)};
  arrays file;
  for (char const* name : {"w", "v", "o"}) file.add(name, dtype::f32, {2, 2});
  multi_head_attention<float, embed<2>, head<1>, without_bias> layer;
  BOOST_TEST(difference(layer, file, shared) ==
             "C043 load from 'arrays': 1 difference\n  2 parameters are made from 'w', which has 1 part");
}

BOOST_AUTO_TEST_CASE(no_part_is_used_twice) {
  constexpr weight_names slip{weight_name("query.weight", "qkv", in_by_out).part(0, 3), weight_name("key.weight", "qkv", in_by_out).part(1, 3),
                              weight_name("value.weight", "qkv", in_by_out).part(1, 3), weight_name("out.weight", "out", in_by_out)};
  arrays file;
  file.add("qkv", dtype::f32, {2, 6});
  file.add("out", dtype::f32, {2, 2});
  multi_head_attention<float, embed<2>, head<1>, without_bias> layer;
  BOOST_TEST(difference(layer, file, slip) ==
             "C043 load from 'arrays': 1 difference\n  value.weight: part 1 of 'qkv' is another parameter's already");
}

BOOST_AUTO_TEST_CASE(a_list_has_an_end_and_a_sentence_no_control_characters) {
  arrays file;
  file.add("kernel", dtype::f32, {2, 3});
  file.add("bias", dtype::f32, {3});
  file.add("\x1b[2J", dtype::f32, {1});
  for (int i = 0; i < 40; ++i) file.add("extra" + std::to_string(i), dtype::f32, {1});
  small layer;
  std::string const told = difference(layer, file, kernel);
  BOOST_TEST(told.find("41 differences") != std::string::npos);
  BOOST_TEST(told.ends_with("\n  and 9 more"));
  BOOST_TEST(told.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(tables_put_together) {
  constexpr auto place = gpt2_stack.find("layers.11.self_attention.key.bias");
  static_assert(place.known && place.name.view() == "h.11.attn.c_attn.bias" && place.part_number == 1 && place.parts == 3);
  static_assert(gpt2_stack.ignores("h.3.attn.bias") && !gpt2_stack.ignores("h.x.attn.bias") && !gpt2_stack.ignores("attn.bias"));
  static_assert(!gpt2_stack.find("layers.x.norm1.scale").known);
  constexpr auto deep = under("encoder.", "bert.", bert_encoder).find("encoder.layers.0.norm1.scale");
  static_assert(deep.name.view() == "bert.encoder.layer.0.attention.output.LayerNorm.weight");
  static_assert(only("layers.1.", torch_encoder_layer).looks_at("layers.1.norm1.weight"));
  static_assert(!only("layers.1.", torch_encoder_layer).looks_at("layers.10.norm1.weight"));
  name_text const cut(std::string(300, 'x'));
  BOOST_TEST(cut.view().size() == 255u);
  BOOST_TEST(cut.view().ends_with("x..."));
}

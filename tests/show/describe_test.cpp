// SPDX-License-Identifier: BSL-1.0
// What `describe` says of a layer is what its call does: the result of a real call, multiply-adds by formulas of their own, the
// parameters as they are counted elsewhere, and whose memory a step writes.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <conform/conform.hpp>
#include <conform/show/describe.hpp>
#include <conform/show/itinerary_mermaid.hpp>
#include <conform/show/itinerary_svg.hpp>

namespace {

using namespace conform;

constexpr std::size_t B = 2, T = 6, S = 9, D = 24, H = 4;

// The axes of a real tensor with the extents of this run.
template <class X>
std::string axes_of_call(X const& x) {
  std::string text;
  for_each_axis(x, [&](auto axis, std::size_t extent) {
    text += (text.empty() ? "[" : ", ") + std::string(axis.name()) + "=" + std::to_string(extent);
  });
  return text + "]";
}
// The same of what is described, where each symbol has its value.
std::string axes_described(itinerary const& it) {
  std::string text;
  for (auto const& axis : it.result().axes)
    text +=
        (text.empty() ? "[" : ", ") + axis.name + "=" + std::to_string(*quantity::of_extent(axis.extent).number(it.symbols));
  return text + "]";
}

template <class Layer, class... X>
itinerary check(Layer const& layer, std::size_t multiply_adds, std::size_t parameters, X const&... x) {
  auto it = describe(layer, x...);
  BOOST_TEST(axes_described(it) == axes_of_call(layer(x...)));
  BOOST_REQUIRE(it.multiply_adds().has_value());
  BOOST_TEST(it.multiply_adds()->number(it.symbols).value() == multiply_adds);
  BOOST_TEST(it.parameters() == parameters);
  return it;
}

tensor<float, batch<B>, token<T>, embed<D>> const tokens;
tensor<float, batch<B>, key<S>, embed<D>> const memory;

// One attention of n tokens to m keys, with projections from `in` to heads × width and back.
constexpr std::size_t attention_costs(std::size_t n, std::size_t m, std::size_t heads, std::size_t width,
                                      std::size_t value_width) {
  return B * heads * n * m * (width + value_width);
}

BOOST_AUTO_TEST_CASE(a_linear_layer) {
  linear<float, embed<D>, hidden<40>> const layer;
  auto const it = check(layer, B * T * D * 40, count_parameters(layer), tokens);
  BOOST_REQUIRE(it.steps.size() == 1u);
  BOOST_TEST(it.bytes_read().number().value() == 4 * (B * T * D + D * 40 + 40));
  BOOST_TEST(it.bytes_written().number().value() == 4 * B * T * 40);
  BOOST_TEST((it.steps[0].memory == step_memory::fresh));
  linear<double, embed<D>, hidden<40>, without_bias> const plain;
  check(plain, T * D * 40, D * 40, tensor<double, token<T>, embed<D>>());
}

BOOST_AUTO_TEST_CASE(multi_head_attention_of_every_kind) {
  multi_head_attention<float, embed<D>, head<H>> const usual;
  auto const it = check(usual, B * T * D * D * 4 + attention_costs(T, T, H, D / H, D / H), count_parameters(usual), tokens);
  std::vector<std::string> names;
  for (auto const& step : it.steps) names.push_back(step.name);
  std::vector<std::string> const wanted{"query", "split query",  "key",         "rename key", "split key",
                                        "value", "rename value", "split value", "scores",     "softmax",
                                        "blend", "merge",        "out"};
  BOOST_TEST(names == wanted, boost::test_tools::per_element());

  // To a memory; fewer heads of keys; values of another width; another output.
  check(usual, B * D * D * (2 * T + 2 * S) + attention_costs(T, S, H, D / H, D / H), count_parameters(usual), tokens, memory);
  check(usual, B * D * D * (2 * T + 2 * S) + attention_costs(T, S, H, D / H, D / H), count_parameters(usual), tokens, memory,
        memory);
  multi_head_attention<float, embed<D>, head<H>, kv_head<2>> const grouped;
  check(grouped, B * T * D * (2 * D + 2 * 2 * (D / H)) + attention_costs(T, T, H, D / H, D / H), count_parameters(grouped),
        tokens);
  multi_head_attention<float, embed<D>, head<H>, head_dim<5>, value_dim<7>, embed<11>, without_bias> const uneven;
  check(uneven, B * T * (D * H * 5 * 2 + D * H * 7 + H * 7 * 11) + attention_costs(T, T, H, 5, 7), count_parameters(uneven),
        tokens);
  multi_head_attention<float, embed<D>, head<H>, keys_from<embed<10>>, values_from<embed<10>>> const cross;
  check(cross, B * T * D * D * 2 + B * S * 10 * D * 2 + attention_costs(T, S, H, D / H, D / H), count_parameters(cross), tokens,
        tensor<float, batch<B>, key<S>, embed<10>>());
}

BOOST_AUTO_TEST_CASE(feed_forward_parts_and_norms) {
  feed_forward<float, embed<D>, hidden<40>> const plain;
  check(plain, 2 * B * T * D * 40, count_parameters(plain), tokens);
  gated_feed_forward<float, embed<D>, hidden<40>> const gated;
  check(gated, 3 * B * T * D * 40, count_parameters(gated), tokens);
  layer_normalization<float, embed<D>> const norm;
  check(norm, 0, 2 * D, tokens);
  rms_normalization<float, embed<D>> const rms;
  check(rms, 0, D, tokens);
}

BOOST_AUTO_TEST_CASE(embeddings) {
  token_embedding<float, vocab<100>, embed<D>> const embedding;
  auto const it = check(embedding, 0, 100 * D, tensor<int, batch<B>, token<T>>());
  BOOST_TEST(it.bytes_read().number().value() == B * T * sizeof(int) + B * T * D * sizeof(float));  // not the whole table
  learned_positions<float, token<50>, embed<D>> const positions;
  auto const at = check(positions, 0, 50 * D, tokens);
  BOOST_TEST(at.bytes_read().number().value() == 4 * (B * T * D + T * D));
}

template <norm_placement Placement>
void check_layers() {
  std::size_t const self = B * T * D * D * 4 + attention_costs(T, T, H, D / H, D / H);
  std::size_t const cross = B * D * D * (2 * T + 2 * S) + attention_costs(T, S, H, D / H, D / H);
  std::size_t const forward = 2 * B * T * D * 40;
  encoder_layer<float, embed<D>, head<H>, hidden<40>, Placement> const encoder;
  check(encoder, self + forward, count_parameters(encoder), tokens);
  decoder_layer<float, embed<D>, head<H>, hidden<40>, Placement> const decoder;
  check(decoder, self + cross + forward, count_parameters(decoder), tokens, memory);
  encoder_layer<float, embed<D>, head<H>, hidden<40>, Placement, activation::silu, with_rms_normalization,
                with_gated_feed_forward, without_bias, kv_head<2>> const llama;
  check(llama, B * T * D * (2 * D + D) + attention_costs(T, T, H, D / H, D / H) + 3 * B * T * D * 40, count_parameters(llama),
        tokens);

  layer_stack<decltype(encoder), 1> const one;
  check(one, self + forward, count_parameters(encoder), tokens);
  layer_stack<std::remove_const_t<decltype(encoder)>, 6, layer_normalization<float, embed<D>>> const six;
  auto const it = check(six, 6 * (self + forward), count_parameters(six), tokens);
  BOOST_TEST(to_text(it).find("layers × 6\n") != std::string::npos);
  BOOST_TEST(it.steps.back().times == 1u);  // the norm at the end
  layer_stack<std::remove_const_t<decltype(decoder)>, 3> const three;
  check(three, 3 * (self + cross + forward), count_parameters(three), tokens, memory);
}
BOOST_AUTO_TEST_CASE(layers_that_norm_before) { check_layers<norm_placement::pre>(); }
BOOST_AUTO_TEST_CASE(layers_that_norm_after) { check_layers<norm_placement::post>(); }

BOOST_AUTO_TEST_CASE(a_prepacked_layer_is_that_layer) {
  multi_head_attention<float, embed<D>, head<H>> const layer;
  prepacked const packed(layer);
  auto const it = check(packed, B * T * D * D * 4 + attention_costs(T, T, H, D / H, D / H), count_parameters(layer), tokens);
  BOOST_TEST(to_text(it) == to_text(describe(layer, tokens)));
}

BOOST_AUTO_TEST_CASE(symbols_make_formulas_and_their_values_numbers) {
  using of_symbols = tensor<float, batch<dyn<"B">>, token<dyn<"T">>, embed<D>>;
  multi_head_attention<float, embed<D>, head<H>> const layer;
  auto const open = describe<of_symbols>(layer);
  auto const sum = *open.multiply_adds();
  BOOST_TEST(!sum.number().has_value());
  BOOST_TEST(sum.text() == "48 B T^2 + 2,304 B T");  // 2 × 4 × 6, 4 × 24 × 24
  BOOST_TEST(open.result().text() == "[batch=B, token=T, embed=24]");
  of_symbols const x(bind<"B">(B), bind<"T">(T));
  auto const closed = describe(layer, x);
  BOOST_TEST(closed.multiply_adds()->number(closed.symbols).value() ==
             describe(layer, tokens).multiply_adds()->number().value());
  BOOST_TEST(closed.bytes_read().number(closed.symbols).value() == describe(layer, tokens).bytes_read().number().value());
  BOOST_TEST(closed.result().text(closed.symbols) == "[batch=B:2, token=T:6, embed=24]");
}

// `in place` and `passed on` are claims about memory: here are the operations themselves.
template <class T_>
void check_memory() {
  using narrow = tensor<T_, token<3>, embed<8>>;
  auto const same = [](auto&& x, auto const& call) {
    auto const* before = x.data();
    auto const y = call(std::move(x));
    return static_cast<void const*>(y.data()) == static_cast<void const*>(before);
  };
  narrow const other;
  rms_normalization<T_, embed<8>> const rms;
  layer_normalization<T_, embed<8>> const norm;
  learned_positions<T_, token<9>, embed<8>> const positions;
  BOOST_TEST(same(narrow(), [](auto&& x) { return split<embed, head<2>, head_dim<4>>(std::move(x)); }));
  BOOST_TEST(same(narrow(), [](auto&& x) { return rename<token, key>(std::move(x)); }));
  BOOST_TEST(
      same(tensor<T_, token<3>, head<2>, head_dim<4>>(), [](auto&& x) { return merge<embed, head, head_dim>(std::move(x)); }));
  bool const over = !is_storage_only<T_>;  // half precision is rounded from a copy in float
  BOOST_TEST(over == same(narrow(), [&](auto&& x) { return add(std::move(x), other); }));
  BOOST_TEST(over == same(narrow(), [&](auto&& x) { return multiply(std::move(x), narrow()); }));
  BOOST_TEST(over == same(narrow(), [](auto&& x) { return relu(std::move(x)); }));
  BOOST_TEST(over == same(narrow(), [](auto&& x) { return silu(std::move(x)); }));
  BOOST_TEST(over == same(narrow(), [](auto&& x) { return gelu(std::move(x)); }));
  BOOST_TEST(over == same(narrow(), [&](auto&& x) { return norm(std::move(x)); }));
  BOOST_TEST(over == same(narrow(), [&](auto&& x) { return rms(std::move(x)); }));
  BOOST_TEST(over == same(narrow(), [&](auto&& x) { return positions(std::move(x)); }));
  BOOST_TEST(!same(narrow(), [&](auto&& x) { return norm(x); }));  // one that stays is copied
  auto const it = describe(feed_forward<T_, embed<8>, hidden<16>>(), other);
  BOOST_TEST((it.steps[1].memory == (over ? step_memory::in_place : step_memory::fresh)));
  BOOST_TEST((describe(norm, other).steps[0].memory == step_memory::fresh));
}
BOOST_AUTO_TEST_CASE(memory_is_as_it_is_said_to_be) {
  check_memory<float>();
  check_memory<bfloat16>();
}

// A layer of one's own: its call is one step, until it has a description.
struct twice {
  using inner_type = linear<float, embed<D>, embed<D>>;
  BOOST_HANA_DEFINE_STRUCT(twice, (inner_type, inner));
  template <tensor_like X>
  auto operator()(X const& x) const {
    return inner(inner(x));
  }
};

BOOST_AUTO_TEST_CASE(of_an_unknown_layer_only_the_result_is_known) {
  auto const it = describe(twice(), tokens);
  BOOST_REQUIRE(it.steps.size() == 1u);
  BOOST_TEST(!it.multiply_adds().has_value());
  BOOST_TEST(axes_described(it) == axes_of_call(twice()(tokens)));
  BOOST_TEST(it.parameters() == D * D + D);
  BOOST_TEST(!it.workspace_bytes.has_value());
  BOOST_TEST(to_text(it).find("unknown") != std::string::npos);
  BOOST_TEST(to_mermaid(it).find("multiply-adds unknown") != std::string::npos);
}

// How much the tensors of an itinerary need, placed as an arena places them, each until its last use. What is never there as a
// whole is made from its operands anew, which stay.
std::size_t bytes_of_tensors(itinerary const& it) {
  std::size_t const inputs = it.input_names.size(), count = it.values.size();
  std::vector<std::vector<std::size_t>> in(count);  // the values whose memory it is read from
  std::vector<std::size_t> last(count);
  for (std::size_t v = inputs; v < count; ++v) {
    auto const& step = it.steps[v - inputs];
    BOOST_REQUIRE(step.times == 1u);
    if (step.memory == step_memory::in_tiles)
      for (std::size_t operand : step.operands) in[v].insert(in[v].end(), in[operand].begin(), in[operand].end());
    else
      in[v] = step.memory == step_memory::fresh ? std::vector{v} : in[step.operands[0]];
    for (std::size_t operand : step.operands)
      for (std::size_t place : in[operand]) last[place] = v;
    for (std::size_t place : in[v]) last[place] = std::max(last[place], v);
  }
  for (std::size_t place : in.back()) last[place] = count;
  detail::arena_blocks blocks;
  std::vector<std::size_t> at(count);
  std::size_t end = 0;
  for (std::size_t v = inputs; v < count; ++v) {
    if (it.steps[v - inputs].memory == step_memory::fresh)
      at[v] = blocks.take(detail::whole_lines(it.values[v].bytes().number(it.symbols).value()));
    end = std::max(end, blocks.end());
    for (std::size_t place = inputs; place <= v; ++place)
      if (it.steps[place - inputs].memory == step_memory::fresh && last[place] == v) blocks.give(at[place]);
  }
  return end;
}
std::size_t largest_workspace(itinerary const& it) {
  std::size_t largest = 0;
  for (auto const& step : it.steps) largest = std::max(largest, step.workspace_bytes.value());
  return largest;
}

// The last line says what workspace_bytes says. An arena of so much is enough, and one without the largest workspace is not:
// the tensors between the steps need the rest. (The target lies in another order, so that the result is in the arena too.)
template <class Layer, class... X>
itinerary check_workspace(Layer const& layer, X const&... x) {
  auto const it = describe(layer, x...);
  std::size_t const all = workspace_bytes(layer, x...);
  BOOST_REQUIRE(it.workspace_bytes.has_value());
  BOOST_TEST(*it.workspace_bytes == all);
  BOOST_TEST(to_text(it).ends_with("  " + detail::grouped(all) + "\n"));
  std::size_t const workspace = largest_workspace(it);
  BOOST_TEST(workspace > 0u);
  std::vector<std::byte> given(all + storage_alignment);
  std::size_t const beyond = reinterpret_cast<std::uintptr_t>(given.data()) % storage_alignment;
  std::byte* const line = given.data() + (storage_alignment - beyond);
  auto const expected = layer(x...);
  auto target = contiguous(transpose<token, embed>(expected));
  fill(target, 7);
  auto const call = [&](std::size_t bytes) {
    arena mine(std::span(line, bytes));
    layer.into(target, x..., in(mine));
  };
  call(all - storage_alignment);
  BOOST_TEST(max_abs_difference(transpose<token, embed>(target), expected) == 0);
  BOOST_TEST_CONTEXT(it.layer << " in " << all << ", " << workspace << " less")
    BOOST_CHECK_THROW(call(all - storage_alignment - workspace), shape_error);
  return it;
}
// And the rest is exactly what they need.
template <class Layer, class... X>
void check_tensors(Layer const& layer, X const&... x) {
  auto const it = check_workspace(layer, x...);
  BOOST_TEST(*it.workspace_bytes == bytes_of_tensors(it) + largest_workspace(it) + storage_alignment);
}

BOOST_AUTO_TEST_CASE(workspaces_and_tensors_are_what_the_call_allocates) {
  tensor<float, batch<B>, token<50>, embed<D>> const x;  // small products do without a workspace
  check_tensors(linear<float, embed<D>, embed<40>>(), x);
  check_tensors(linear<double, embed<D>, embed<40>>(), tensor<double, token<50>, embed<D>>());
  check_tensors(feed_forward<float, embed<D>, hidden<40>>(), x);
  check_tensors(gated_feed_forward<float, embed<D>, hidden<40>>(), x);
  multi_head_attention<float, embed<D>, head<H>> const mha;
  check_tensors(mha, x);
  check_tensors(mha, x, memory);
  check_tensors(multi_head_attention<float, embed<D>, head<H>, kv_head<2>, value_dim<7>, embed<11>>(), x);
  encoder_layer<float, embed<D>, head<H>, hidden<40>> const encoder;
  check_tensors(encoder, x);
  check_tensors(decoder_layer<float, embed<D>, head<H>, hidden<40>>(), x, memory);
  tensor<float, batch<dyn<"B">>, token<dyn<"T">>, embed<D>> const open(bind<"B">(B), bind<"T">(50));
  check_tensors(encoder, open);
  check_tensors(prepacked(mha), x);

  // One that is normalised first keeps that until its part is done; one of several keeps what it was given.
  check_workspace(encoder_layer<float, embed<D>, head<H>, hidden<40>, norm_placement::pre>(), x);
  check_workspace(layer_stack<encoder_layer<float, embed<D>, head<H>, hidden<40>>, 3>(), x);
}

// What is stored only is computed with in copies, and packed weights are none.
BOOST_AUTO_TEST_CASE(copies_of_what_is_stored_only_are_workspace) {
  using half = bfloat16;
  tensor<half, token<T>, embed<D>> const x;
  feed_forward<half, embed<D>, hidden<40>> const layer;
  auto const it = check_workspace(layer, x);
  BOOST_TEST(it.steps[0].workspace_bytes.value() >= 4 * (T * D + T * 40 + D * 40 + 40));
  BOOST_TEST(it.steps[1].workspace_bytes.value() == detail::whole_lines(4 * T * 40));
  auto const packed = check_workspace(prepacked(layer), x);
  BOOST_TEST(packed.steps[0].workspace_bytes.value() < it.steps[0].workspace_bytes.value());
  auto const normal = describe(layer_normalization<half, embed<D>>(), x);
  BOOST_TEST(normal.steps[0].workspace_bytes.value() ==
             workspace_bytes(layer_normalization<half, embed<D>>(), x) - storage_alignment - detail::whole_lines(2 * T * D));
  auto const plain = describe(layer_normalization<float, embed<D>>(), tokens);
  BOOST_TEST(plain.steps[0].workspace_bytes.value() == 0u);
}

// One of one's own that says what it allocates: two tensors, of which one is its result.
struct scaled_twice {
  template <tensor_like X>
  auto operator()(X const& x) const {
    auto const once = scaled(x, 2.f);
    return scaled(once, 2.f);
  }
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x) {
    auto const once = detail::planned_result<float>(plan, x);
    return detail::planned_result<float>(plan, once);
  }
};
BOOST_AUTO_TEST_CASE(a_layer_of_ones_own_says_it_itself) {
  auto const it = describe(scaled_twice(), tokens);
  std::size_t const one = detail::whole_lines(sizeof(float) * B * T * D);
  BOOST_TEST(it.steps[0].workspace_bytes.value() == one);
  BOOST_TEST(it.workspace_bytes.value() == workspace_bytes(scaled_twice(), tokens));
}

BOOST_AUTO_TEST_CASE(workspaces_are_shown_where_they_are_known) {
  linear<float, embed<D>, hidden<40>> const layer;
  auto const it = describe(layer, tokens);
  std::string const shown = detail::grouped(it.steps[0].workspace_bytes.value());
  BOOST_TEST(to_mermaid(it).find(", workspace " + shown + "\"]") != std::string::npos);
  BOOST_TEST(to_svg(it).find(", workspace " + shown + "</text>") != std::string::npos);
  BOOST_TEST(to_svg(it).find(", workspace_bytes " + detail::grouped(workspace_bytes(layer, tokens)) + "</text>") !=
             std::string::npos);
  auto const open = describe<tensor<float, token<dyn<"T">>, embed<D>>>(layer);
  BOOST_TEST(!open.workspace_bytes.has_value());
  BOOST_TEST(to_text(open).find("workspace") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_chart_reads_otherwise_is_escaped) {
  using odd = tensor<float, token<dyn<"<\"&#;">>, embed<D>>;
  auto const it = describe<odd>(layer_normalization<float, embed<D>>());
  BOOST_TEST(to_mermaid(it).find("token=#60;#34;#38;#35;#59;") != std::string::npos, to_mermaid(it));
  BOOST_TEST(to_svg(it).find("token=&lt;&quot;&amp;#;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(quantities_add_and_multiply) {
  auto const t = quantity::of_extent(dyn<"T">), s = quantity::of_extent(dyn<"S">);
  BOOST_TEST(quantity().text() == "0");
  BOOST_TEST((t * s + t * s + quantity(3) * t + quantity(1000)).text() == "2 S T + 3 T + 1,000");
  BOOST_TEST((t * s == s * t));
  BOOST_TEST((t + s == s + t));
  BOOST_TEST((t * quantity(0) == quantity()));
  BOOST_TEST((t * t * s).number({{dyn<"T">, 5}, {dyn<"S">, 7}}).value() == 175u);
  BOOST_TEST(!(t * s).number({{dyn<"T">, 5}}).has_value());
  BOOST_TEST((t * quantity(1234567)).text() == "1,234,567 T");
}

// What was refused before is no second error.
using any_layer = linear<float, embed<2>, embed<3>>;
static_assert(std::is_same_v<decltype(describe(std::declval<any_layer>(), std::declval<refused>())), itinerary>);

}  // namespace

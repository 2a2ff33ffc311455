// SPDX-License-Identifier: BSL-1.0
// Parameters that PyTorch wrote, under the names of PyTorch, Hugging Face and Flax, give PyTorch's results: write_torch.py.
#include <algorithm>
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include <conform/conform.hpp>
#include <conform/io/load.hpp>
#include <conform/io/safetensors.hpp>

using namespace conform;

namespace {

using width = embed<16>;
using heads = head<4>;
using states = tensor<float, batch<2>, token<5>, width>;

std::filesystem::path folder() { return CONFORM_TORCH_DIR; }

safetensors_file weights(std::string const& name) { return safetensors_file(folder() / (name + ".safetensors")); }
safetensors_file example(std::string const& name) { return safetensors_file(folder() / (name + ".example.safetensors")); }

template <class X>
void check_close(X const& y, safetensors_file const& file) {
  auto const wanted = file.copy<float, batch<2>, token<5>, width>("y");
  BOOST_TEST(max_abs_difference(y, wanted) < 2e-5);
  BOOST_TEST(*std::max_element(wanted.begin(), wanted.end()) > 0.1);
}

// Llama's layer, with the members that llama_layer names.
struct llama_block {
  using attention_type = multi_head_attention<float, width, heads, kv_head<2>, without_bias>;
  using norm_type = rms_normalization<float, width>;
  using feed_forward_type = gated_feed_forward<float, width, hidden<24>>;
  BOOST_HANA_DEFINE_STRUCT(llama_block, (norm_type, norm1), (attention_type, self_attention), (norm_type, norm2),
                           (feed_forward_type, feed_forward_part));

  states operator()(states const& x) const {
    states const y = add(x, self_attention(norm1(x), causal));
    return add(y, feed_forward_part(norm2(y)));
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(torch_attention_gives_its_results) {
  for (char const* name : {"torch_attention", "torch_attention_half", "torch_attention_bfloat"}) {
    BOOST_TEST_CONTEXT(name) {
      multi_head_attention<float, width, heads> layer;
      auto const file = example(name);
      load(layer, weights(name), torch_attention, widen);
      check_close(layer(file.view<float, batch<2>, token<5>, width>("x")), file);
    }
  }
}

BOOST_AUTO_TEST_CASE(half_precision_is_not_widened_without_a_word) {
  multi_head_attention<float, width, heads> layer;
  BOOST_CHECK_THROW(load(layer, weights("torch_attention_half"), torch_attention), load_error);
}

BOOST_AUTO_TEST_CASE(torch_attention_with_keys_of_another_width) {
  multi_head_attention<float, width, heads, keys_from<embed<8>>, values_from<embed<12>>> layer;
  auto const file = example("torch_attention_of_widths");
  load(layer, weights("torch_attention_of_widths"), torch_attention_of_widths);
  check_close(layer(file.view<float, batch<2>, token<5>, width>("x"), file.view<float, batch<2>, key<7>, embed<8>>("keys"),
                    file.view<float, batch<2>, key<7>, embed<12>>("values")),
              file);
}

BOOST_AUTO_TEST_CASE(torch_encoder_of_three_layers) {
  layer_stack<encoder_layer<float, width, heads, hidden<24>>, 3, layer_normalization<float, width>> layer;
  auto const file = example("torch_encoder");
  load(layer, weights("torch_encoder"), torch_encoder);
  check_close(layer(file.view<float, batch<2>, token<5>, width>("x")), file);
}

BOOST_AUTO_TEST_CASE(one_layer_of_a_file_with_three) {
  encoder_layer<float, width, heads, hidden<24>> layer;
  auto const file = weights("torch_encoder");
  load(layer, file, only("layers.1.", torch_encoder_layer));
  BOOST_TEST(layer.norm2.bias(3) == (file.view<float, width>("layers.1.norm2.bias")(3)));
}

BOOST_AUTO_TEST_CASE(torch_decoder_of_two_layers) {
  layer_stack<decoder_layer<float, width, heads, hidden<24>>, 2> layer;
  auto const file = example("torch_decoder");
  load(layer, weights("torch_decoder"), torch_decoder);
  check_close(layer(file.view<float, batch<2>, token<5>, width>("x"), file.view<float, batch<2>, key<7>, width>("memory")), file);
}

BOOST_AUTO_TEST_CASE(bert_names) {
  layer_stack<encoder_layer<float, width, heads, hidden<24>, norm_placement::post, activation::gelu>, 2> layer;
  auto const file = example("bert");
  load(layer, weights("bert"), bert_encoder);
  check_close(layer(file.view<float, batch<2>, token<5>, width>("x")), file);
}

BOOST_AUTO_TEST_CASE(gpt2_names) {
  layer_stack<encoder_layer<float, width, heads, hidden<24>, norm_placement::pre, activation::gelu_tanh>, 2,
              layer_normalization<float, width>>
      layer;
  auto const file = example("gpt2");
  load(layer, weights("gpt2"), gpt2_stack);
  check_close(layer(file.view<float, batch<2>, token<5>, width>("x"), causal), file);
}

BOOST_AUTO_TEST_CASE(llama_names) {
  layer_stack<llama_block, 2, rms_normalization<float, width>> layer;
  auto const file = example("llama");
  load(layer, weights("llama"), under("", "model.", llama_stack));
  check_close(layer(file.copy<float, batch<2>, token<5>, width>("x")), file);
}

BOOST_AUTO_TEST_CASE(flax_names) {
  multi_head_attention<float, width, heads> layer;
  auto const file = example("flax_attention");
  load(layer, weights("flax_attention"), flax_attention);
  check_close(layer(file.view<float, batch<2>, token<5>, width>("x")), file);
}

BOOST_AUTO_TEST_CASE(flax_with_other_heads_of_the_same_width_is_refused) {
  multi_head_attention<float, width, head<2>> layer;
  BOOST_CHECK_EXCEPTION(load(layer, weights("flax_attention"), flax_attention), load_error, [](load_error const& error) {
    return std::string(error.what()).find("has head=4 where head=2 is needed and head_dim=4 where head_dim=8 is needed") !=
           std::string::npos;
  });
}

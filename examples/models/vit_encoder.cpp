// SPDX-License-Identifier: BSL-1.0
// The Vision Transformer: an image with axes of its own is cut into patches, each is a token, and an encoder reads them. The
// cut is a view: the product with the projection's weights reads the image where it lies. ViT-B/16 with its published numbers is a
// type here, checked and counted when compiling; a small one runs.
// Dosovitskiy et al.: An Image is Worth 16x16 Words, 2021, table 1. Names and parameters: vit_b_16 of torchvision.
//   vit_encoder [FOLDER]    FOLDER: what torch/write_models.py wrote; the result is compared with PyTorch's
#include <conform/conform.hpp>
#include <conform/io/load.hpp>
#include <conform/io/safetensors.hpp>

#include "claims.hpp"

using namespace conform;

// Axes of an image; and of its patches, which lie in a grid of down x across.
template <std::size_t N> struct channel : axis<"channel", N> {};
template <std::size_t N> struct row : axis<"row", N> {};
template <std::size_t N> struct column : axis<"column", N> {};
template <std::size_t N> struct down : axis<"down", N> {};
template <std::size_t N> struct across : axis<"across", N> {};
template <std::size_t N> struct label : axis<"label", N> {};

// A square image is cut into Side x Side patches of Size x Size pixels.
template <std::size_t Side, std::size_t Size, class Width, class Head, class Hidden, std::size_t Layers, class Labels>
struct vit {
  static constexpr std::size_t tokens = 1 + Side * Side;
  using patch_type = tensor<float, Width, channel<3>, row<Size>, column<Size>>;
  using bias_type = tensor<float, Width>;
  using class_type = tensor<float, batch<1>, token<1>, Width>;
  using positions_type = tensor<float, batch<1>, token<tokens>, Width>;
  using block_type = encoder_layer<float, Width, Head, Hidden, norm_placement::pre, activation::gelu>;
  using blocks_type = layer_stack<block_type, Layers, layer_normalization<float, Width>>;
  using labels_type = linear<float, Width, Labels>;
  BOOST_HANA_DEFINE_STRUCT(vit, (patch_type, patch), (bias_type, patch_bias), (class_type, class_token),
                           (positions_type, positions), (blocks_type, blocks), (labels_type, labels));

  vit() {
    for (auto& block : blocks.layers) block.norm1.epsilon = block.norm2.epsilon = 1e-6;
    blocks.norm.epsilon = 1e-6;
  }

  // [batch, channel, row, column] -> [batch, token, Width], without a copy of the image.
  template <tensor_like Image>
  auto patches(Image const& image) const {
    auto const cut = split<row, down<Side>, row<Size>>(split<column, across<Side>, column<Size>>(image));
    auto grid = contract<channel, row, column>(cut, patch);  // [batch, down, across, Width]
    return add(merge<token, down, across>(std::move(grid)), patch_bias);
  }
  // [batch, channel, row, column] -> a number for each label, [batch, label].
  template <tensor_like Image>
  auto operator()(Image const& image) const {
    auto const cut = patches(image);
    using first_type = tensor<float, axis_at<0, shape_t<decltype(cut)>>, token<1>, Width>;
    auto const first = add(first_type(), select<batch>(class_token, 0));  // once for each image
    auto const x = blocks(add(concat<token>(first, as<token>(cut)), select<batch>(positions, 0)));
    return labels(select<token>(x, 0));
  }
};

// What torchvision's file calls them.
inline constexpr tables vit_block{under("self_attention.", "self_attention.", torch_attention),
                                  under("feed_forward_part.first.", "mlp.0.", torch_linear),
                                  under("feed_forward_part.second.", "mlp.3.", torch_linear),
                                  under("norm#.", "ln_#.", torch_normalization)};
inline constexpr tables names{
    weight_names{weight_name("patch", "conv_proj.weight"), weight_name("patch_bias", "conv_proj.bias"),
                 weight_name("class_token", "class_token"), weight_name("positions", "encoder.pos_embedding")},
    under("blocks.norm.", "encoder.ln.", torch_normalization), under("labels.", "heads.head.", torch_linear),
    under("blocks.layers.#.", "encoder.layers.encoder_layer_#.", vit_block)};

// ViT-B/16: 224 = 14 x 16 pixels, 197 tokens, 86,567,656 parameters. Nothing of it is allocated.
using vit_b_16 = vit<14, 16, embed<768>, head<12>, hidden<3072>, 12, label<1000>>;
using image_224 = tensor<float, batch<1>, channel<3>, row<224>, column<224>>;
static_assert(count_parameters<vit_b_16>() == 86'567'656);
static_assert(vit_b_16::tokens == 197);
static_assert(std::is_same_v<decltype(std::declval<vit_b_16 const&>()(std::declval<image_224 const&>())),
                             tensor<float, batch<1>, label<1000>>>);
// An image of 225 columns is not cut.
static_assert(can_split<column, image_224, across<14>, column<16>>);
static_assert(!can_split<column, tensor<float, batch<1>, channel<3>, row<224>, column<225>>, across<14>, column<16>>);

using tested = vit<3, 8, embed<48>, head<4>, hidden<96>, 2, label<7>>;

int main(int count, char** arguments) {
  return main_of(count, arguments, [](claims& that, auto const& folder) {
    tested model;
    that.claim("the type says how much the model learns", count_parameters<tested>() == count_parameters(model));
    tensor<float, batch<2>, channel<3>, row<24>, column<24>> image;
    if (folder) {
      load(model, safetensors_file(*folder / "vit.safetensors"), names);
      safetensors_file const example(*folder / "vit.example.safetensors");
      image = example.copy<float, batch<2>, channel<3>, row<24>, column<24>>("image");
      that.equal("the results are PyTorch's", model(image), example.copy<float, batch<2>, label<7>>("logits"), 1e-5);
    } else {
      fill_uniform(model, 1);
      fill_uniform(image, 2);
    }

    // Patch 5 of the first image, in row 1 and column 2 of the grid, by the definition.
    auto const patches = model.patches(image);
    tensor<float, embed<48>> sum;
    copy_into(sum, model.patch_bias);
    for (std::size_t e = 0; e < 48; ++e)
      for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t i = 0; i < 8; ++i)
          for (std::size_t j = 0; j < 8; ++j) sum(e) += model.patch(e, c, i, j) * image(0, c, 8 + i, 16 + j);
    that.equal("a patch is the sum over its pixels", contiguous(select<token>(select<batch>(patches, 0), 5)), sum, 1e-5);
  });
}

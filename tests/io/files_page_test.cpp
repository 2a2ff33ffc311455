// SPDX-License-Identifier: BSL-1.0
// What docs/files.md shows is built, and the list of differences is the one that comes.
#include <filesystem>
#include <string>

#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <conform/conform.hpp>
#include <conform/io/load.hpp>
#include <conform/io/manifest.hpp>
#include <conform/io/safetensors.hpp>      // needs nlohmann-json

#include "../readme/code_blocks.hpp"
#include "bytes_of_file.hpp"

using namespace conform;

inline constexpr weight_names mine{weight_name("weight", "kernel", in_by_out),  // the order of a matrix
                                   weight_name("bias", "bias"),
                                   not_loaded("step")};  // left out without a word
inline constexpr tables model{under("blocks.#.", "encoder.layer.#.", bert_layer),  // what lies deeper; '#' is a number
                              under("last.", "classifier.", torch_linear)};
// Queries, keys and values behind one another in one array, each as long as it is: keys of fewer heads are shorter.
inline constexpr tables fused_names{fused_qkv_weight("qkv.weight", out_by_in), fused_qkv_bias("qkv.bias"),
                                    under("out.", "proj.", torch_linear)};
// Any parameters so: this is the first of two.
inline constexpr weight_name gate = weight_name("gate.weight", "gate_up.weight", out_by_in).part(0, 2);

namespace {

std::filesystem::path const page = "docs/files.md";

struct folder {
  std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("conform-files-page-" + std::to_string(::getpid()));
  folder() {
    std::filesystem::create_directories(path);
    std::filesystem::current_path(path);
  }
  ~folder() {
    std::filesystem::current_path(before);
    std::filesystem::remove_all(path);
  }
};

// A file in which nothing lies where it is looked for.
struct no_arrays {
  std::span<weight_entry const> entries() const { return {}; }
  std::span<std::byte const> bytes(weight_entry const&) const { return {}; }
  std::string_view name() const { return "nothing"; }
};

}  // namespace

BOOST_AUTO_TEST_CASE(what_the_page_shows_is_built) {
  for (std::size_t block : {0u, 2u})
    BOOST_TEST(test::lines_that_are_not_in(__FILE__, test::code_block(page, block)).empty(), "block " << block);
}

BOOST_AUTO_TEST_CASE(the_list_of_differences) {
  folder const here;
  tensor<float, batch<1536>, embed<512>> const fused;
  tensor<float, batch<1536>> const fused_bias;
  tensor<double, batch<512>, embed<512>> const out;
  tensor<float, batch<1>, token<1>, embed<512>> const more;
  safetensors_writer file;
  file.add("in_proj_weight", fused);
  file.add("in_proj_bias", fused_bias);
  file.add("out_proj.weight", out);
  file.add("bias_k", more);
  file.write("attention.safetensors");
  std::string said = files::refusal([] {
    multi_head_attention<float, embed<512>, head<8>> mha;
    load(mha, safetensors_file("attention.safetensors"), torch_attention);
  });
  std::string shown;
  for (std::string const& line : test::code_block(page, 1)) shown += (shown.empty() ? "" : "\n") + line;
  BOOST_TEST(said == shown);
}

BOOST_AUTO_TEST_CASE(one_layer_of_a_larger_file) {
  encoder_layer<float, embed<8>, head<2>, hidden<16>> layer;
  no_arrays const file;
  auto const again = [&] {
    load(layer, file, only("encoder.layer.3.", bert_layer));  // one layer of a larger file
    load(layer, file, only("encoder.layer.3.", bert_layer), widen);  // F16 and BF16 become float, which is exact
  };
  BOOST_CHECK_THROW(again(), load_error);
  auto const place = model.find("blocks.3.norm1.scale");
  BOOST_TEST(place.name.view() == "encoder.layer.3.attention.output.LayerNorm.weight");
  BOOST_TEST(mine.ignores("step"));
  BOOST_TEST(fused_names.find("key.bias").part_number == 1u);
  BOOST_TEST(gate.parts == 2u);
}

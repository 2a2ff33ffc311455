// SPDX-License-Identifier: BSL-1.0
// The pictures of docs/looking.md, docs/pictures/*, are what the library draws, byte by byte, and its code is built and run. To
// draw them anew after a change: CONFORM_DRAW=1 build/tests/test_show_pictures
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>

#include <conform/conform.hpp>
#include <conform/show.hpp>

#include "../readme/code_blocks.hpp"

namespace {

using namespace conform;

void check_drawn(std::string const& name, std::string const& drawn) {
  std::string const path = CONFORM_GOLDEN_DIR "/../../docs/pictures/" + name;
  if (std::getenv("CONFORM_DRAW") != nullptr) std::ofstream(path, std::ios::binary) << drawn;
  std::ifstream in(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(in, path << " cannot be read");
  std::string const there(std::istreambuf_iterator<char>(in), {});
  BOOST_TEST((there == drawn), "docs/pictures/" << name << " is not what is drawn; CONFORM_DRAW=1 draws it anew");
}

BOOST_AUTO_TEST_CASE(itineraries) {
  multi_head_attention<float, embed<512>, head<8>> const mha;
  tensor<float, batch<2>, token<6>, embed<512>> const x;
  auto const it = describe(mha, x);
  std::ostringstream table;
  table << it;
  check_drawn("multi_head_attention.txt", table.str());
  check_drawn("multi_head_attention.svg", to_svg(it));
  check_drawn("multi_head_attention.mmd", to_mermaid(it));

  using open = tensor<float, batch<dyn<"B">>, token<dyn<"T">>, embed<512>>;
  check_drawn("multi_head_attention_of_symbols.txt", to_text(describe<open>(mha)));

  layer_stack<decoder_layer<float, embed<64>, head<8>, hidden<256>, norm_placement::pre, activation::silu, with_rms_normalization,
                            with_gated_feed_forward>,
              6, rms_normalization<float, embed<64>>> const decoder;
  tensor<float, token<6>, embed<64>> const y;
  tensor<float, key<9>, embed<64>> const memory;
  auto const deep = describe(decoder, y, memory);
  check_drawn("decoder.txt", to_text(deep));
  check_drawn("decoder.svg", to_svg(deep));
  check_drawn("decoder.mmd", to_mermaid(deep));
}

BOOST_AUTO_TEST_CASE(attention) {
  // Made by hand, so that no kernel's last bit is in the picture.
  tensor<float, head<3>, token<5>, key<5>> weights;
  for (std::size_t t = 0; t < 5; ++t)
    for (std::size_t s = 0; s <= t; ++s) {
      weights(0, t, s) = 1 / static_cast<float>(t + 1);
      weights(1, t, s) = s + 1 >= t ? (t == 0 ? 1.f : s == t ? 0.25f : 0.75f) : 0;
      weights(2, t, s) = t == 0 ? 1.f : s == 0 ? 0.5f : 0.5f / static_cast<float>(t);
    }
  attention_map_options options{.title = "The cat sat down.", .tokens = {"▁The", "▁cat", "▁sat", "▁down", "."}};
  check_drawn("attention.svg", to_svg(attention_map(weights, options)));
  options.average = true;
  check_drawn("attention_mean.svg", to_svg(attention_map(weights, options)));
}

BOOST_AUTO_TEST_CASE(memory) {
  tensor<float, token<3>, embed<8>> const x;
  auto const heads = split<embed, head<2>, head_dim<4>>(x);
  check_drawn("memory.svg", to_svg(memory_grid(x)));
  check_drawn("memory_split.svg", to_svg(memory_grid(heads)));
  check_drawn("memory_transposed.svg", to_svg(memory_grid(transpose<token, head>(heads))));
  check_drawn("memory_slice.svg", to_svg(memory_grid(slice<embed, 2, 3>(x), x)));
  check_drawn("memory_transposed.txt", to_text(memory_grid(transpose<token, head>(heads))));
}

// The code of docs/looking.md, in a folder of its own.
void the_page() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  std::cout << describe(mha, x);
  std::ofstream("mha.svg") << to_svg(describe(mha, x));
  std::ofstream("mha.mmd") << to_mermaid(describe(mha, x));

  auto weights = mha.weights(x, causal);
  attention_map_options options{.title = "The cat sat down on it.", .tokens = {"The", "cat", "sat", "down", "on", "it."}};
  std::ofstream("attention.svg") << to_svg(attention_map(weights, options));

  tensor<float, token<3>, embed<8>> y;
  auto heads = split<embed, head<2>, head_dim<4>>(y);
  std::cout << memory_grid(transpose<token, head>(heads));
  std::ofstream("transposed.svg") << to_svg(memory_grid(transpose<token, head>(heads)));
  std::ofstream("slice.svg") << to_svg(memory_grid(slice<embed, 2, 3>(y), y));

  progress_bar bar("encoding", 32);
  bar.advance(16);
}

std::string content(std::filesystem::path const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

BOOST_AUTO_TEST_CASE(the_page_is_built_and_true) {
  for (std::size_t block : {0u, 2u, 3u, 4u})
    for (std::string const& line : test::lines_that_are_not_in(__FILE__, test::code_block("docs/looking.md", block)))
      BOOST_TEST(false, "not built: " << line);
  auto const page = content(test::root / "docs/looking.md");
  BOOST_TEST((page.find("```\n" + content(test::root / "docs/pictures/multi_head_attention.txt") + "```\n") != std::string::npos),
             "the table is not the one of the page");
  BOOST_TEST(page.find("`" + detail::progress_line("encoding", 16, 32, 79) + "`") != std::string::npos);
  auto const shown = content(test::root / "tests/show/debuggers/shown.txt");
  auto const debugged = test::code_block("docs/looking.md", 5);
  BOOST_TEST(debugged.size() == 3u);
  for (std::string const& line : debugged) BOOST_TEST(shown.find(line + "\n") != std::string::npos, line);

  auto const folder = std::filesystem::temp_directory_path() / ("conform_looking_" + std::to_string(::getpid()));
  auto const back = std::filesystem::current_path();
  std::filesystem::create_directory(folder);
  std::filesystem::current_path(folder);
  std::ostringstream out;
  auto* const console = std::cout.rdbuf(out.rdbuf());
  the_page();
  std::cout.rdbuf(console);
  std::filesystem::current_path(back);
  BOOST_TEST((content(folder / "mha.svg") == content(test::root / "docs/pictures/multi_head_attention.svg")));
  BOOST_TEST((content(folder / "slice.svg") == content(test::root / "docs/pictures/memory_slice.svg")));
  BOOST_TEST((out.str() == content(test::root / "docs/pictures/multi_head_attention.txt") +
                               content(test::root / "docs/pictures/memory_transposed.txt")));
  std::filesystem::remove_all(folder);
}

}  // namespace

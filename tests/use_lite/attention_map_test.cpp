// SPDX-License-Identifier: BSL-1.0
// The program attention_map from outside: numbers for a pipe, a picture in a file, and each way in which it refuses.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#define main program_main
#include "use_lite/attention_map.cpp"
#undef main

#include "support.hpp"

namespace {

using namespace use_lite::test;
using boost::unit_test::precondition;
using strings = std::vector<std::string>;

outcome program_run(strings arguments) { return test::run(program_main, std::move(arguments)); }

BOOST_AUTO_TEST_CASE(numbers_are_those_of_the_model, *precondition(has_references)) {
  // The fourth sentence of the references, of 8 tokens in a batch of 4 × 17: att0, att1 [batch, head, token, key].
  auto const result = program_run({"How do I reset my password?"});
  BOOST_TEST(result.status == 0);
  BOOST_TEST(result.err == "");
  std::size_t at = 0;
  for (auto const* name : {"att0.f32", "att1.f32"}) {
    auto const bytes = read_file(shared() / "taps" / name);
    std::vector<float> reference(bytes.size() / sizeof(float));
    std::memcpy(reference.data(), bytes.data(), bytes.size());
    for (std::size_t h = 0; h < 4; ++h) {
      at = result.out.find("layer ", at);
      BOOST_REQUIRE(at != std::string::npos);
      at = result.out.find('\n', at) + 1;
      for (std::size_t t = 0; t < 8; ++t) {
        at = result.out.find('\n', at) + 1;  // past the tokens, or the row before
        auto const row = result.out.substr(at, result.out.find('\n', at) - at);
        char const* rest = row.c_str() + std::string("▁password").size();
        if (row.find("▁password") != 0) rest = row.c_str() + row.find(" 0.");
        char* end = nullptr;
        for (std::size_t s = 0; s < 8; ++s, rest = end) {
          double const shown = std::strtod(rest, &end);
          BOOST_TEST(std::abs(shown - double(reference[((3 * 4 + h) * 17 + t) * 17 + s])) <= 0.00501);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_picture_is_written_whole, *precondition(has_model)) {
  folder const here;
  auto const result = program_run({"The cat sat on the mat.", "--svg", (here / "cat.svg").string()});
  BOOST_TEST(result.status == 0);
  auto const svg = read_file(here / "cat.svg");
  BOOST_TEST(svg.starts_with("<?xml"));
  BOOST_TEST(svg.ends_with("</svg>\n"));
  BOOST_TEST(svg.find("“The cat sat on the mat.”") != std::string::npos);
  BOOST_TEST(here.count() == 1u);
}

BOOST_AUTO_TEST_CASE(colors_are_for_terminals_and_on_demand, *precondition(has_model)) {
  BOOST_TEST(program_run({"a b"}).out.find('\x1b') == std::string::npos);
  BOOST_TEST(program_run({"a b", "--color", "always"}).out.find("\x1b[") != std::string::npos);
  BOOST_TEST(program_run({"a b", "--color", "never"}).out.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_sentence_is_cut_with_a_warning, *precondition(has_model)) {
  std::string words;
  for (int i = 0; i < 200; ++i) words += "word ";
  folder const here;
  auto const result = program_run({words, "--svg", (here / "long.svg").string()});
  BOOST_TEST(result.status == 0);
  BOOST_TEST(result.err.find("has 201 tokens; the model reads the first 128") != std::string::npos, result.err);
  BOOST_TEST(read_file(here / "long.svg").find("128 tokens") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(bad_input_gets_one_sentence_and_leaves_nothing) {
  folder const here;
  auto const svg = (here / "out.svg").string();
  check_refused(program_run({}), "there is no sentence");
  check_refused(program_run({"one", "two"}), "one sentence at a time");
  check_refused(program_run({""}), "the sentence is empty");
  check_refused(program_run({"\x80", "--svg", svg}), "the sentence is not valid UTF-8");
  check_refused(program_run({"a", "--color", "pink"}), "auto, always or never");
  check_refused(program_run({"a", "--png", "x"}), "unknown option '--png'");
  check_refused(program_run({"a", "--svg"}), "--svg needs a value");
  check_refused(program_run({"a", "--svg", svg, "--model", (here / "nowhere").string()}), "there is no model in");
  BOOST_TEST(here.count() == 0u);
}

BOOST_AUTO_TEST_CASE(a_picture_that_cannot_be_written_is_refused, *precondition(has_model)) {
  folder const here;
  check_refused(program_run({"a", "--svg", (here / "missing" / "out.svg").string()}), "cannot be written");
  check_refused(program_run({"a", "--svg", here.path().string()}), "it is a directory");
  BOOST_TEST(here.count() == 0u);
}

BOOST_AUTO_TEST_CASE(a_damaged_model_is_refused, *precondition(has_model)) {
  folder const here;
  damaged_model const model("group1-shard5of7", damaged_model::damage::truncated);
  check_refused(program_run({"a", "--svg", (here / "x.svg").string(), "--model", model.path().string()}),
                "group1-shard5of7");
  BOOST_TEST(here.count() == 0u);
}

BOOST_AUTO_TEST_CASE(help_explains_every_option) {
  auto const result = program_run({"--help"});
  BOOST_TEST(result.status == 0);
  for (auto const& o : options) BOOST_TEST(result.out.find(o.name) != std::string::npos);
}

}  // namespace

// SPDX-License-Identifier: BSL-1.0
// The program sentence_similarity from outside: what it prints and writes, and each way in which it refuses.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#define main program_main
#include "use_lite/sentence_similarity.cpp"
#undef main

#include "support.hpp"

namespace {

using namespace use_lite::test;
using boost::unit_test::precondition;
using strings = std::vector<std::string>;

outcome program_run(strings arguments) { return test::run(program_main, std::move(arguments)); }

constexpr char const* fox = "The quick brown fox jumps over the lazy dog.";
constexpr char const* hound = "A fast auburn fox leaps above a sleepy hound.";

BOOST_AUTO_TEST_CASE(the_table_is_what_the_models_own_runtime_gives, *precondition(has_model)) {
  auto const result =
      program_run({fox, hound, "Attention is computed for every head in parallel.", "How do I reset my password?"});
  BOOST_TEST(result.status == 0);
  BOOST_TEST(result.err == "");
  BOOST_TEST(result.out ==
             "                                                           1        2        3        4\n"
             "1  The quick brown fox jumps over the lazy dog.       1.0000   0.5938   0.2298   0.1173\n"
             "2  A fast auburn fox leaps above a sleepy hound.      0.5938   1.0000   0.2680  -0.0329\n"
             "3  Attention is computed for every head in paralle…   0.2298   0.2680   1.0000   0.0992\n"
             "4  How do I reset my password?                        0.1173  -0.0329   0.0992   1.0000\n");
}

BOOST_AUTO_TEST_CASE(a_file_and_words_give_the_same_bytes_and_nothing_else_is_left, *precondition(has_model)) {
  folder const here;
  write(here / "lines", std::string(fox) + "\n" + hound);
  auto const from_file = program_run({"--sentences", (here / "lines").string(), "--embeddings", (here / "a").string()});
  auto const from_words = program_run({fox, "--embeddings=" + (here / "b").string(), "--no-table", hound});
  BOOST_TEST(from_file.status == 0);
  BOOST_TEST(from_words.status == 0);
  BOOST_TEST(from_words.out == "");
  BOOST_TEST(fs::file_size(here / "a") == 2u * 512 * 4);
  BOOST_TEST(read_file(here / "a") == read_file(here / "b"));
  BOOST_TEST(here.count() == 3u);
  float first;
  std::memcpy(&first, read_file(here / "a").data(), sizeof first);
  BOOST_TEST(std::abs(first - -0.0135338f) < 1e-5f);
}

// 32 sentences are encoded at once: the 33rd and its neighbours are what they are alone.
BOOST_AUTO_TEST_CASE(more_sentences_than_one_batch_holds, *precondition(has_model)) {
  folder const here;
  std::string lines;
  for (std::size_t i = 0; i < 70; ++i)
    lines += std::string(i % 7 + 1, 'a') + (i == 32 ? " longer than those before it\n" : "\n");
  write(here / "lines", lines);
  auto const result = program_run({"--sentences", (here / "lines").string(), "--embeddings", (here / "out").string()});
  BOOST_TEST(result.status == 0);
  auto const bytes = read_file(here / "out");
  BOOST_REQUIRE_EQUAL(bytes.size(), 70u * 512 * 4);
  std::vector<float> values(70 * 512);
  std::memcpy(values.data(), bytes.data(), bytes.size());
  float largest = 0;
  for (std::size_t e = 0; e < 512; ++e)
    largest = std::max(largest, std::abs(values[31 * 512 + e] - values[66 * 512 + e]));
  BOOST_TEST(largest < 1e-6f);  // lines 32 and 67 are the same sentence
}

BOOST_AUTO_TEST_CASE(what_is_kept_but_hardly_meant_is_warned_of, *precondition(has_model)) {
  folder const here;
  std::string words;
  for (int i = 0; i < 200; ++i) words += "word ";
  write(here / "lines", "one\r\ntwo\r\n" + words + "\n");
  auto const result = program_run({"--sentences", (here / "lines").string()});
  BOOST_TEST(result.status == 0);
  BOOST_TEST(result.err.find("warning: line 1 of '") != std::string::npos, result.err);
  BOOST_TEST(result.err.find("carriage return") != std::string::npos, result.err);
  BOOST_TEST(result.err.find("line 3 of '") != std::string::npos, result.err);
  BOOST_TEST(result.err.find("has 201 tokens; the model reads the first 128") != std::string::npos, result.err);
  BOOST_TEST(std::count(result.err.begin(), result.err.end(), '\n') == 2);
}

BOOST_AUTO_TEST_CASE(bad_input_gets_one_sentence_and_leaves_nothing) {
  folder const here;
  auto const out = (here / "out").string();
  auto const file = [&](char const* name, std::string const& bytes) {
    write(here / name, bytes);
    return (here / name).string();
  };
  check_refused(program_run({"--embeddings", out}), "there is no sentence");
  check_refused(program_run({"--unknown", "a"}), "unknown option '--unknown'");
  check_refused(program_run({"a", "--sentences", file("one", "b\n")}), "not both");
  check_refused(program_run({"a", ""}), "sentence 2 is empty");
  check_refused(program_run({"\xc3\x28", "--embeddings", out}), "sentence 1 is not valid UTF-8: byte 1, 0xc3");
  check_refused(program_run({"--sentences", file("none", ""), "--embeddings", out}), "holds no sentence");
  check_refused(program_run({"--sentences", file("gap", "a\n\nb\n"), "--embeddings", out}), "line 2 of '");
  check_refused(program_run({"--sentences", file("bytes", "a\n\xff\n"), "--embeddings", out}), "is not valid UTF-8");
  check_refused(program_run({"--sentences", (here / "missing").string()}), "cannot be opened");
  check_refused(program_run({"--sentences", here.path().string()}), "is a directory");
  check_refused(program_run({"a", "--model", (here / "nowhere").string()}), "there is no model in");
  BOOST_TEST(!fs::exists(out));
  BOOST_TEST(here.count() == 4u);
}

BOOST_AUTO_TEST_CASE(an_output_that_cannot_be_written_is_refused, *precondition(has_model)) {
  folder const here;
  check_refused(program_run({"a", "--embeddings", (here / "missing" / "out").string()}), "cannot be written");
  check_refused(program_run({"a", "--embeddings", here.path().string()}), "it is a directory");
  if (fs::exists("/dev/full")) {
    check_refused(program_run({"a", "--embeddings", "/dev/full"}), "No space left on device");
    auto const full = test::run(program_main, {"a"}, "/dev/full");
    BOOST_TEST(full.status == 1);
    BOOST_TEST(full.err.find("standard output cannot be written") != std::string::npos, full.err);
  }
  BOOST_TEST(here.count() == 0u);
}

BOOST_AUTO_TEST_CASE(a_damaged_model_is_refused_and_old_output_stays, *precondition(has_model)) {
  folder const here;
  write(here / "out", "as it was");
  using damage = damaged_model::damage;
  for (auto const* name : {"model.json", "vocab.json", "group1-shard2of7", "group1-shard7of7"})
    for (auto const how : {damage::missing, damage::truncated, damage::changed}) {
      damaged_model const model(name, how);
      check_refused(program_run({"a", "--embeddings", (here / "out").string(), "--model", model.path().string()}),
                    name);
    }
  BOOST_TEST(read_file(here / "out") == "as it was");
  BOOST_TEST(here.count() == 1u);
}

BOOST_AUTO_TEST_CASE(help_explains_every_option) {
  auto const result = program_run({"--help"});
  BOOST_TEST(result.status == 0);
  for (auto const& o : options) BOOST_TEST(result.out.find(o.name) != std::string::npos);
}

}  // namespace

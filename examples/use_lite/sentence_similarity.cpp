// SPDX-License-Identifier: BSL-1.0
// How alike are these sentences? The Universal Sentence Encoder Lite turns each into 512 numbers; this prints the
// cosines between them.
//
//   sentence_similarity "How do I reset my password?" "I forgot my login." "The cat sat on the mat."
//   sentence_similarity --sentences poem.txt --embeddings poem.f32

#include "arguments.hpp"
#include "encoder.hpp"
#include "failure.hpp"
#include "file.hpp"
#include "sentences.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <conform/conform.hpp>
#include <conform/show/progress_bar.hpp>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace use_lite;

constexpr char const* program = "sentence_similarity";
constexpr std::array options{
    option{"--sentences", "FILE", "take a sentence from each line of FILE, as it is, blanks included"},
    option{"--embeddings", "OUT", "write 512 little-endian floats for each sentence to OUT"},
    option{"--no-table", "", "do not print the cosines"},
    option{"--model", "DIR", "where the model is; else CONFORM_USE_LITE, else the cache of tools/fetch_model.sh"},
    option{"--help", "", "print this"},
};

// The axes of the table: sentences down, sentences across.
template <std::size_t N>
struct down : conform::axis<"down", N> {};
template <std::size_t N>
struct across : conform::axis<"across", N> {};

using embeddings = tensor<float, down<dyn<"N">>, embed<wide>>;

embeddings encode_all(encoder const& encode, std::vector<sentence> const& sentences) {
  constexpr std::size_t at_once = 32;  // one batch: memory stays small however long the file is
  embeddings all(bind<"N">(sentences.size()));
  std::optional<conform::progress_bar> bar;
  if (sentences.size() > at_once) bar.emplace("encoding", sentences.size());
  for (std::size_t first = 0; first < sentences.size(); first += at_once) {
    std::span<sentence const> const some(sentences.data() + first, std::min(at_once, sentences.size() - first));
    auto const vectors = encode(token_batch(some));
    std::copy(vectors.begin(), vectors.end(), &all(first, 0));
    if (bar) bar->advance(some.size());
  }
  return all;
}

void print_table(embeddings const& all, std::vector<sentence> const& sentences) {
  std::size_t label = 0;
  for (auto const& s : sentences) label = std::max(label, columns(printable(s.text)));
  label = std::min<std::size_t>(label, 48);
  std::size_t const digits = std::to_string(sentences.size()).size();
  auto const number = [&](std::size_t n) { return fitted(std::to_string(n), digits, align::right); };

  std::string line(digits + 2 + label, ' ');
  for (std::size_t i = 0; i < sentences.size(); ++i) line += fitted(std::to_string(i + 1), 9, align::right);
  std::puts(line.c_str());
  // Vectors of length 1: the cosine is their product. One row at a time, for a file may be long.
  auto const others = conform::rename<down, across>(all);
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    auto const cosines = conform::contract<embed>(conform::select<down>(all, i), others);
    static_assert(std::is_same_v<conform::shape_t<decltype(cosines)>, conform::shape<across<dyn<"N">>>>);
    line = number(i + 1) + "  " + fitted(printable(sentences[i].text), label);
    for (float const cosine : cosines) {
      char text[16];
      std::snprintf(text, sizeof text, "%9.4f", double(cosine));
      line += text;
    }
    std::puts(line.c_str());
  }
}

int run(int count, char** values) {
  arguments const given(count, values, options);
  if (given.has("--help")) {
    std::puts(
        "usage: sentence_similarity [options] SENTENCE...\n"
        "       sentence_similarity [options] --sentences FILE\n"
        "Prints the cosine of each two sentences: 1 for the same meaning, about 0 for unrelated ones.\n");
    arguments::explain(options);
    flush_standard_output();
    return 0;
  }
  bool const from_file = given.has("--sentences");
  if (from_file && !given.words().empty())
    throw usage_error("give sentences as words or with --sentences FILE, not both");
  if (!from_file && given.words().empty()) throw usage_error("there is no sentence");

  auto sentences = from_file ? read_sentences(given.value("--sentences")) : sentences_of(given.words());
  check(sentences);
  auto const directory = model_directory(given.value("--model"));
  auto const pieces = tokenizer::from_json(read_model_file(directory, "vocab.json"));
  tokenize(sentences, pieces, [](std::string const& warning) { warn(program, warning); });
  std::optional<output_file> out;
  if (given.has("--embeddings")) out.emplace(given.value("--embeddings"));

  encoder const encode(weights::load(directory));
  auto const all = encode_all(encode, sentences);
  if (out) {
    out->write({reinterpret_cast<char const*>(all.data()), all.size() * sizeof(float)});
    out->commit();
  }
  if (!given.has("--no-table")) print_table(all, sentences);
  flush_standard_output();
  return 0;
}

}  // namespace

int main(int count, char** values) {
  return use_lite::run_program(program, [&] { return run(count, values); });
}

// SPDX-License-Identifier: BSL-1.0
// Where does each token of a sentence look? Prints the attention weights of every head of the Universal Sentence
// Encoder Lite as a heat map, and draws them as a picture.
//
//   attention_map "The cat sat on the mat." --svg cat.svg

#include "arguments.hpp"
#include "encoder.hpp"
#include "failure.hpp"
#include "file.hpp"
#include "heat_map.hpp"
#include "picture.hpp"
#include "sentences.hpp"
#include "svg.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include <array>
#include <conform/conform.hpp>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace use_lite;

constexpr char const* program = "attention_map";
constexpr std::array options{
    option{"--svg", "FILE", "also write a picture to FILE"},
    option{"--color", "WHEN", "auto (the default), always or never; NO_COLOR is respected"},
    option{"--model", "DIR", "where the model is; else CONFORM_USE_LITE, else the cache of tools/fetch_model.sh"},
    option{"--help", "", "print this"},
};

// Keeps each layer's attention weights on their way through the encoder: of one sentence, heads in front.
struct keep_weights {
  static constexpr bool wants_weights = true;
  std::vector<head_weights<heads>>& layers;

  template <class X>
  void operator()(std::string_view name, X const& x) const {
    if constexpr (conform::has_axis<key, conform::shape_t<X>>) {
      if (name.starts_with("att"))
        layers.push_back(conform::contiguous(conform::permute<head, token, key>(conform::select<batch>(x, 0))));
    } else {
      (void)name;
      (void)x;
    }
  }
};

int run(int count, char** values) {
  arguments const given(count, values, options);
  if (given.has("--help")) {
    std::puts(
        "usage: attention_map [options] SENTENCE\n"
        "Prints how much each token (row) takes from each token (column), for every attention head.\n");
    arguments::explain(options);
    flush_standard_output();
    return 0;
  }
  if (given.words().empty()) throw usage_error("there is no sentence");
  if (given.words().size() > 1)
    throw usage_error("one sentence at a time; put it in quotes: " + std::to_string(given.words().size()) +
                      " are given");
  auto const screen = standard_output(given.value("--color"));

  auto sentences = sentences_of(given.words());
  sentences[0].where = "the sentence";
  check(sentences);
  auto const directory = model_directory(given.value("--model"));
  auto const pieces = tokenizer::from_json(read_model_file(directory, "vocab.json"));
  tokenize(sentences, pieces, [](std::string const& warning) { warn(program, warning); });
  std::optional<output_file> svg;
  if (given.has("--svg")) svg.emplace(given.value("--svg"));

  picture shown{printable(sentences[0].text), {}, {}};
  for (auto const& piece : sentences[0].tokens)
    if (shown.tokens.size() < max_tokens) shown.tokens.push_back(printable(piece.text));
  encoder const encode(weights::load(directory));
  encode(token_batch(sentences), keep_weights{shown.layers});

  if (svg) {
    svg->write(svg_heat_map(shown));
    svg->commit();
  }
  std::fputs(heat_map(shown, screen).c_str(), stdout);
  flush_standard_output();
  return 0;
}

}  // namespace

int main(int count, char** values) {
  return use_lite::run_program(program, [&] { return run(count, values); });
}

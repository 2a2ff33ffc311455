// SPDX-License-Identifier: BSL-1.0
// Defines sentences from a file or a command line, cut into tokens, with a refusal that names the sentence at fault.
#pragma once

#include "failure.hpp"
#include "file.hpp"
#include "tokenizer.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace use_lite {

// The most tokens the model reads: its own graph drops what comes after.
inline constexpr std::size_t max_tokens = 128;

struct sentence {
  std::string where;  // "sentence 2", "line 7 of 'poem.txt'"
  std::string text;
  std::vector<token_piece> tokens;  // all of them; the encoder reads the first max_tokens
};

// The lines of a text as they are: only the line feed is taken off, a carriage return is a character of the line.
// Every line feed ends a line, so a last line may come with one or without.
inline std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    auto const end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

inline std::vector<sentence> sentences_of(std::vector<std::string> words) {
  std::vector<sentence> result;
  for (auto& word : words) result.push_back({"sentence " + std::to_string(result.size() + 1), std::move(word), {}});
  return result;
}

inline std::vector<sentence> read_sentences(std::filesystem::path const& path) {
  std::vector<sentence> result;
  for (auto& line : lines_of(read_file(path)))
    result.push_back({"line " + std::to_string(result.size() + 1) + " of " + quoted(path), std::move(line), {}});
  if (result.empty()) throw failure(quoted(path) + " holds no sentence");
  return result;
}

// Refuses sentences that no tokenizer can take, before anything large is loaded.
inline void check(std::vector<sentence> const& sentences) {
  for (auto const& s : sentences) {
    if (s.text.empty()) throw failure(s.where + " is empty");
    if (auto const reason = invalid_utf8(s.text); !reason.empty()) throw failure(s.where + " is " + reason);
  }
}

// Fills in the tokens. `warn` hears what is kept but probably not meant: cuts each time, carriage returns once.
inline void tokenize(std::vector<sentence>& sentences, tokenizer const& pieces,
                     std::function<void(std::string const&)> const& warn) {
  bool carriage_return = false;
  for (auto& s : sentences) {
    s.tokens = pieces(s.text);
    if (s.tokens.size() > max_tokens)
      warn(s.where + " has " + std::to_string(s.tokens.size()) + " tokens; the model reads the first " +
           std::to_string(max_tokens) + ", the rest is cut");
    if (s.text.ends_with('\r') && !std::exchange(carriage_return, true))
      warn(s.where + " ends in a carriage return, which is taken as a part of it");
  }
}

}  // namespace use_lite

// SPDX-License-Identifier: BSL-1.0
// Defines the model's tokenizer: text -> NFKC -> the most probable sequence of vocabulary pieces.
//
//   "The cat sat"  ->  NFKC  ->  "▁The▁cat▁sat"  ->  best path over pieces  ->  [34, 1163, 3757, 25]
//
// The model was trained, and is shipped, with ids from one particular program, so that program's habits are part of
// the model and are kept, the odd ones too; each is marked "as trained" below.
#pragma once

#include "failure.hpp"
#include "text.hpp"

#include <utf8proc.h>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace use_lite {

// The Unicode normal form NFKC: full-width, ligature and composed variants of a text become one.
// Lengths are explicit, so a NUL is a code point like any other. Throws a sentence where `text` is not UTF-8.
inline std::string nfkc(std::string_view text) {
  if (auto const reason = invalid_utf8(text); !reason.empty()) throw failure("the text is " + reason);
  utf8proc_uint8_t* normal = nullptr;
  auto const length =
      utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(text.data()), utf8proc_ssize_t(text.size()), &normal,
                   utf8proc_option_t(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owner(normal, &std::free);
  if (length < 0) throw failure(std::string("the text has no normal form: ") + utf8proc_errmsg(length));
  return std::string(reinterpret_cast<char const*>(normal), std::size_t(length));
}

// A piece of a text: the vocabulary's number for it and the (normalised) text it stands for.
struct token_piece {
  std::int32_t id = 0;
  std::string text;
};

class tokenizer {
 public:
  struct entry {
    std::string piece;
    double score = 0;  // log-probability
  };

  static constexpr std::int32_t unknown = 0;
  static constexpr std::size_t reserved = 6;  // unknown, <s>, </s> and three spare: never found in a text

  explicit tokenizer(std::vector<entry> vocabulary) : vocabulary_(std::move(vocabulary)) {
    for (std::size_t id = reserved; id < vocabulary_.size(); ++id) {
      std::string_view const piece = vocabulary_[id].piece;
      pieces_[piece] = std::int32_t(id);  // as trained: of equal pieces the last one counts
      longest_ = std::max(longest_, piece.size());
    }
  }

  tokenizer(tokenizer&&) = default;  // the map points into the vocabulary, which a move leaves be
  tokenizer& operator=(tokenizer&&) = default;

  // From vocab.json: [[piece, log-probability], ...].
  static tokenizer from_json(std::string_view json) {
    auto const list = nlohmann::json::parse(json, nullptr, false);
    if (!list.is_array()) throw failure("the vocabulary is not a JSON list");
    std::vector<entry> vocabulary;
    vocabulary.reserve(list.size());
    for (auto const& item : list) {
      if (!item.is_array() || item.size() != 2 || !item[0].is_string() || !(item[1].is_number() || item[1].is_null()))
        throw failure("entry " + std::to_string(vocabulary.size()) + " of the vocabulary is not [piece, number]");
      // As trained: pieces with a colon lost their number on the way, and count as certain.
      vocabulary.push_back({item[0].get<std::string>(), item[1].is_null() ? 0.0 : item[1].get<double>()});
    }
    if (vocabulary.size() < reserved) throw failure("the vocabulary has fewer entries than the reserved ones");
    return tokenizer(std::move(vocabulary));
  }

  std::size_t size() const { return vocabulary_.size(); }

  // The most probable pieces of `text`, in order; none for an empty text. Throws a sentence where it is not UTF-8.
  std::vector<token_piece> operator()(std::string_view text) const {
    std::string const input = marked(nfkc(text));
    std::vector<std::size_t> const start = starts(input);  // byte offset of each code point, and the end
    std::size_t const n = start.size() - 1;

    // best[e]: score of the best path that ends before code point e. As trained: 0 also says "nothing yet", so a
    // place that no piece ends at lends 0 to what starts there, and is left by one unknown code point.
    struct node {
      double best = 0;
      std::int32_t id = unknown;
      std::size_t length = 1;
    };
    std::vector<node> nodes(n + 1);
    auto const offer = [&](std::size_t begin, std::size_t end, double score, std::int32_t id) {
      double const path = score + nodes[begin].best;
      if (nodes[end].best == 0 || path >= nodes[end].best) nodes[end] = {path, id, end - begin};
    };
    for (std::size_t begin = 0; begin < n; ++begin) {
      bool found = false;
      for (std::size_t end = begin + 1; end <= n && start[end] - start[begin] <= longest_; ++end) {
        auto const piece = pieces_.find(std::string_view(input).substr(start[begin], start[end] - start[begin]));
        if (piece == pieces_.end()) continue;
        offer(begin, end, vocabulary_[std::size_t(piece->second)].score, piece->second);
        found = true;
      }
      if (!found) offer(begin, begin + 1, 0, unknown);
    }

    std::vector<token_piece> backwards;
    for (std::size_t end = n; end > 0; end -= nodes[end].length) {
      std::size_t const begin = end - nodes[end].length;
      auto part = input.substr(start[begin], start[end] - start[begin]);
      bool const merges = nodes[end].id == unknown && !backwards.empty() && backwards.back().id == unknown;
      if (merges)
        backwards.back().text.insert(0, part);  // neighbouring unknowns are one token
      else
        backwards.push_back({nodes[end].id, std::move(part)});
    }
    return {std::make_move_iterator(backwards.rbegin()), std::make_move_iterator(backwards.rend())};
  }

 private:
  // "▁" stands for every blank, and for one more in front of the text.
  static std::string marked(std::string_view text) {
    if (text.empty()) return {};
    std::string result = "▁";
    for (char const c : text) c == ' ' ? result += "▁" : result += c;
    return result;
  }

  static std::vector<std::size_t> starts(std::string_view text) {
    std::vector<std::size_t> offsets;
    for (std::size_t at = 0; at < text.size(); at += first_code_point(text.substr(at)).length) offsets.push_back(at);
    offsets.push_back(text.size());
    return offsets;
  }

  std::vector<entry> vocabulary_;
  std::unordered_map<std::string_view, std::int32_t> pieces_;
  std::size_t longest_ = 0;  // in bytes
};

}  // namespace use_lite

// SPDX-License-Identifier: BSL-1.0
// Defines the command line: options that take a value or none, and the words between them.
#pragma once

#include "failure.hpp"
#include "text.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace use_lite {

struct option {
  std::string_view name;   // "--svg"
  std::string_view value;  // what it takes, for the help: "FILE"; empty: nothing
  std::string_view help;
};

// `--name VALUE`, `--name=VALUE` and words in any order; after `--` everything is a word. A dash and one letter would
// be an option too, but "-5 degrees" is a sentence.
// An unknown option, one given twice and one without its value are refused.
class arguments {
 public:
  arguments(int count, char const* const* values, std::span<option const> known) {
    bool words_only = false;
    for (int i = 1; i < count; ++i) {
      std::string_view const argument = values[i];
      bool const letter = argument.size() == 2 && argument[0] == '-' && argument[1] != '-';
      if (words_only || !(argument.starts_with("--") || letter)) {
        words_.emplace_back(argument);
      } else if (argument == "--") {
        words_only = true;
      } else {
        auto const name = argument.substr(0, argument.find('='));
        auto const found = std::find_if(known.begin(), known.end(), [&](auto& o) { return o.name == name; });
        if (found == known.end()) throw usage_error("unknown option '" + printable(name) + "'");
        std::string value;
        if (!found->value.empty()) {
          if (name.size() < argument.size())
            value = argument.substr(name.size() + 1);
          else if (i + 1 < count)
            value = values[++i];
          if (value.empty()) throw usage_error(std::string(name) + " needs a value: " + std::string(found->value));
        } else if (name.size() < argument.size()) {
          throw usage_error(std::string(name) + " takes no value");
        }
        if (!given_.emplace(name, value).second) throw usage_error(std::string(name) + " is given twice");
      }
    }
  }

  bool has(std::string_view name) const { return given_.contains(name); }

  // The option's value; empty where it was not given.
  std::string value(std::string_view name) const {
    auto const found = given_.find(name);
    return found == given_.end() ? std::string() : found->second;
  }

  std::vector<std::string> const& words() const { return words_; }

  static void explain(std::span<option const> known) {
    for (auto const& o : known) {
      auto const left = std::string(o.name) + (o.value.empty() ? "" : " ") + std::string(o.value);
      std::printf("  %-20s %s\n", left.c_str(), std::string(o.help).c_str());
    }
  }

 private:
  std::map<std::string, std::string, std::less<>> given_;
  std::vector<std::string> words_;
};

}  // namespace use_lite

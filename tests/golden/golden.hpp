// SPDX-License-Identifier: BSL-1.0
// Defines golden::file, the reader of the reference values that make_golden.py writes.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace golden {

// The folder that holds make_golden.py and data/: what the build says, else where this header lies.
inline std::filesystem::path directory() {
#ifdef CONFORM_GOLDEN_DIR
  return CONFORM_GOLDEN_DIR;
#else
  return std::filesystem::path(__FILE__).parent_path();
#endif
}

struct array {
  std::vector<std::pair<std::string, std::size_t>> axes;  // name and extent, outermost first
  std::vector<double> values;                             // row-major

  std::size_t size() const {
    std::size_t product = 1;
    for (auto const& [name, extent] : axes) product *= extent;
    return product;
  }
};

// One case: `# comment` lines and, for each array, `array name axis=extent ...` followed by its values.
class file {
 public:
  explicit file(std::string const& name) : name_(name) {
    auto path = directory() / "data" / (name + ".txt");
    std::ifstream in(path);
    if (!in) throw std::runtime_error("golden: cannot open " + path.string());
    array* current = nullptr;
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string word;
      if (line.starts_with("#") || !(words >> word)) continue;
      if (word == "array") {
        words >> word;
        current = &arrays_[word];
        while (words >> word) {
          auto equals = word.find('=');
          current->axes.emplace_back(word.substr(0, equals), std::stoul(word.substr(equals + 1)));
        }
        continue;
      }
      if (!current) throw std::runtime_error("golden: " + name + " has values before its first array");
      do current->values.push_back(number(word));
      while (words >> word);
    }
    for (auto const& [array_name, a] : arrays_)
      if (a.values.size() != a.size())
        throw std::runtime_error("golden: " + name + ": " + array_name + " holds " +
                                 std::to_string(a.values.size()) + " values, its extents ask for " +
                                 std::to_string(a.size()));
  }

  std::string const& name() const { return name_; }
  bool contains(std::string const& array_name) const { return arrays_.contains(array_name); }

  array const& operator[](std::string const& array_name) const {
    auto found = arrays_.find(array_name);
    if (found == arrays_.end()) throw std::runtime_error("golden: " + name_ + " has no array " + array_name);
    return found->second;
  }

  double scalar(std::string const& array_name) const { return (*this)[array_name].values.at(0); }

 private:
  // strtod, unlike >>, reads -inf.
  static double number(std::string const& word) {
    char* end = nullptr;
    double value = std::strtod(word.c_str(), &end);
    if (end != word.c_str() + word.size()) throw std::runtime_error("golden: not a number: " + word);
    return value;
  }

  std::string name_;
  std::map<std::string, array> arrays_;
};

}  // namespace golden

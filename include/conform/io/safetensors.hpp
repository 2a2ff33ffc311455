// SPDX-License-Identifier: BSL-1.0
// Defines `safetensors_file`, arrays by name looked at where they lie in a mapped file, and `write_safetensors`.
// The format: 8 bytes, the length of the header; the header, JSON; the data. Needs nlohmann-json 3.9 or newer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <conform/io/entry_values.hpp>
#include <conform/io/file_error.hpp>
#include <conform/io/mapped_file.hpp>
#include <conform/io/output_file.hpp>
#include <conform/io/weight_entry.hpp>
#include <conform/layer/parameters.hpp>
#include <conform/op/contiguous.hpp>

namespace conform {

namespace detail {

inline constexpr std::size_t largest_safetensors_header = 100'000'000;

// Reads the JSON of a header as it comes: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}, and
// "__metadata__", whose values are text. No tree is built, and nothing is read that the format does not have.
class safetensors_header {
 public:
  // The names of the entries point in here.
  std::deque<std::string> names;
  std::vector<weight_entry> entries;
  std::map<std::string, std::string, std::less<>> metadata;
  std::string wrong;  // the first thing that is

  explicit safetensors_header(std::string_view json) {
    if (json.empty() || json.front() != '{')
      wrong = "the header is no JSON object";
    else if (!nlohmann::json::sax_parse(json.begin(), json.end(), this) && wrong.empty())
      wrong = "the header is no JSON";
  }

  // What nlohmann-json calls.
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;
  bool null() { return misplaced("null"); }
  bool boolean(bool) { return misplaced("a truth value"); }
  bool number_integer(number_integer_t) { return misplaced("a negative number"); }
  bool number_float(number_float_t, string_t const&) { return misplaced("a fraction or a number that is too large"); }
  bool binary(binary_t&) { return misplaced("binary data"); }
  bool number_unsigned(number_unsigned_t number) {
    if (place_ == inside::shape) {
      if (entry_.rank == max_rank) return fail("more than 16 axes");
      entry_.extents[entry_.rank++] = number;
      return true;
    }
    if (place_ != inside::offsets) return misplaced("a number");
    if (offsets_ == 2) return fail("more than two data_offsets");
    (offsets_++ == 0 ? entry_.first_byte : end_) = number;
    return true;
  }
  bool string(string_t& text) {
    if (place_ == inside::metadata)
      return metadata.emplace(key_, std::move(text)).second || fail("a key of __metadata__ twice");
    if (place_ != inside::entry || key_ != "dtype") return misplaced("text");
    for (std::size_t i = 0; i < all_dtypes.size(); ++i)
      if (all_dtypes[i].name == text) {
        entry_.type = static_cast<dtype>(i);
        if (entry_.type != dtype::other) return true;
      }
    return fail("an unknown dtype " + shown(text));
  }
  bool start_object(std::size_t) {
    if (place_ == inside::nothing) {
      place_ = inside::file;
      return true;
    }
    if (place_ != inside::file) return misplaced("an object");
    if (key_ == "__metadata__") {
      place_ = inside::metadata;
      return !std::exchange(has_metadata_, true) || fail("__metadata__ twice");
    }
    place_ = inside::entry;
    name_ = key_;
    entry_ = {};
    end_ = offsets_ = 0;
    has_type_ = has_shape_ = has_offsets_ = false;
    return true;
  }
  bool key(string_t& text) {
    key_ = std::move(text);
    if (place_ != inside::entry) return true;
    bool* const seen = key_ == "dtype"          ? &has_type_
                       : key_ == "shape"        ? &has_shape_
                       : key_ == "data_offsets" ? &has_offsets_
                                                : nullptr;
    if (seen == nullptr) return fail("an unknown key " + shown(key_));
    return !std::exchange(*seen, true) || fail("the key " + shown(key_) + " twice");
  }
  bool start_array(std::size_t) {
    if (place_ != inside::entry || key_ == "dtype") return misplaced("a list");
    place_ = key_ == "shape" ? inside::shape : inside::offsets;
    return true;
  }
  bool end_array() {
    place_ = inside::entry;
    return true;
  }
  bool end_object() {
    if (place_ != inside::entry) {
      place_ = place_ == inside::metadata ? inside::file : inside::nothing;
      return true;
    }
    place_ = inside::file;
    if (!has_type_ || !has_shape_ || offsets_ != 2) return fail("no dtype, shape or two data_offsets");
    std::size_t needed = 0;
    if (!count_bytes(entry_, needed)) return fail("a size that is no number of bytes");
    if (end_ < entry_.first_byte || end_ - entry_.first_byte != needed)
      return fail("data_offsets that are not " + std::to_string(needed) + " bytes apart, as dtype and shape need");
    entry_.bytes = needed;
    entry_.name = names.emplace_back(std::move(name_));
    entries.push_back(entry_);
    return true;
  }
  bool parse_error(std::size_t position, std::string const&, nlohmann::json::exception const&) {
    wrong = "the header is no JSON from its byte " + std::to_string(position);
    return false;
  }

 private:
  enum class inside { nothing, file, metadata, entry, shape, offsets };

  bool fail(std::string const& what) {
    wrong = (place_ == inside::file && !name_.empty()) || place_ == inside::entry || place_ == inside::shape ||
                    place_ == inside::offsets
                ? "the header gives " + shown(name_) + " " + what
                : "the header has " + what;
    return false;
  }
  bool misplaced(char const* what) { return fail(std::string(what) + " where none belongs"); }

  inside place_ = inside::nothing;
  std::string key_, name_;
  weight_entry entry_;
  std::size_t end_ = 0, offsets_ = 0;
  bool has_metadata_ = false, has_type_ = false, has_shape_ = false, has_offsets_ = false;
};

}  // namespace detail

// The arrays of a safetensors file that is in memory, checked whole before any is looked at: names once, extents that make
// the bytes they have, no holes, no overlaps, nothing behind. Memory is asked for by what is there, never by what is claimed.
//   bytes  the file's bytes, which must outlive this and its views
//   name   what sentences call the file
// Throws file_error where they are no safetensors file.
class safetensors_bytes : public arrays_by_name<safetensors_bytes> {
 public:
  safetensors_bytes(std::span<std::byte const> bytes, std::string name) : name_(std::move(name)) {
    std::uint64_t length = 0;
    if (bytes.size() < sizeof length) refuse("it has " + std::to_string(bytes.size()) + " bytes, and 8 come first");
    std::memcpy(&length, bytes.data(), sizeof length);
    bytes = bytes.subspan(sizeof length);
    if (length > detail::largest_safetensors_header)
      refuse("its header claims " + std::to_string(length) + " bytes, and " +
             std::to_string(detail::largest_safetensors_header) + " are the limit");
    if (length > bytes.size())
      refuse("its header claims " + std::to_string(length) + " bytes, and " + std::to_string(bytes.size()) + " follow");
    header_ = std::make_unique<detail::safetensors_header>(
        std::string_view(reinterpret_cast<char const*>(bytes.data()), length));
    if (!header_->wrong.empty()) refuse(header_->wrong);
    data_ = bytes.subspan(length);
    check_places();
    std::ranges::sort(header_->entries, {}, &weight_entry::name);
    auto const twice = std::ranges::adjacent_find(header_->entries, {}, &weight_entry::name);
    if (twice != header_->entries.end()) refuse("the header names " + detail::shown(twice->name) + " twice");
  }

  std::span<weight_entry const> entries() const { return header_->entries; }
  std::span<std::byte const> bytes(weight_entry const& entry) const {
    return data_.subspan(entry.first_byte, entry.bytes);
  }
  std::string_view name() const { return name_; }
  std::map<std::string, std::string, std::less<>> const& metadata() const { return header_->metadata; }

 private:
  // The data are cut into the arrays: one behind the other, from the first byte to the last.
  void check_places() {
    std::ranges::sort(header_->entries, {}, [](weight_entry const& e) { return std::pair(e.first_byte, e.bytes); });
    std::size_t next = 0;
    for (weight_entry const& e : header_->entries) {
      if (e.first_byte != next)
        refuse("the data of " + detail::shown(e.name) + " begin at " + std::to_string(e.first_byte) +
               ", and those before end at " + std::to_string(next));
      if (e.bytes > data_.size() - next) refuse("the data of " + detail::shown(e.name) + " end behind the file's");
      next += e.bytes;
    }
    if (next != data_.size())
      refuse("the arrays take " + std::to_string(next) + " bytes, and " + std::to_string(data_.size()) +
             " follow the header");
  }
  [[noreturn]] void refuse(std::string const& what) const {
    detail::refuse_file(detail::shown(name_) + " is no safetensors file: " + what);
  }

  std::string name_;
  std::unique_ptr<detail::safetensors_header> header_;
  std::span<std::byte const> data_;
};

// A safetensors file, mapped: opening it reads its header, and an array is read where it is looked at. The file must not be
// shortened while it is open. PyTorch: safetensors.safe_open.
//   safetensors_file const file("model.safetensors");
//   file.view<float, vocab<dyn<"V">>, embed<768>>("embeddings.weight")   // tensor_view, no copy
// Throws file_error where it cannot be opened or is malformed.
class safetensors_file : private detail::mapped_file, public safetensors_bytes {
 public:
  explicit safetensors_file(std::filesystem::path const& path)
      : mapped_file(path), safetensors_bytes(mapped_file::bytes(), path.string()) {}
  using safetensors_bytes::bytes;
};

// Collects arrays and writes them as a safetensors file, each where its elements are aligned, the whole or nothing.
class safetensors_writer {
 public:
  // x must stay as it is until `write`, unless it is not row-major: it is copied then.
  template <tensor_like X>
  void add(std::string name, X const& x) {
    static_assert(dtype_of<value_t<X>> != dtype::other, "a safetensors file has no such elements");
    weight_entry entry;
    entry.type = dtype_of<value_t<X>>;
    entry.rank = shape_t<X>::rank;
    for (std::size_t i = 0; i < entry.rank; ++i) entry.extents[i] = x.extent(i);
    entry.bytes = x.size() * sizeof(value_t<X>);
    if (name == "__metadata__") detail::refuse_file("an array of a safetensors file is not called '__metadata__'");
    if constexpr (std::is_same_v<layout_t<X>, row_major<shape_t<X>>>) {
      arrays_.push_back({std::move(name), entry, reinterpret_cast<char const*>(x.data()), nullptr});
    } else {
      auto const rows = std::make_shared<decltype(contiguous(x))>(contiguous(x));
      arrays_.push_back({std::move(name), entry, reinterpret_cast<char const*>(rows->data()), rows});
    }
  }
  void metadata(std::string key, std::string value) { metadata_[std::move(key)] = std::move(value); }

  void write(std::filesystem::path const& path) {
    // Those of the widest elements first, so that each is a multiple of its own.
    std::ranges::sort(arrays_, [](array const& a, array const& b) {
      std::size_t const wide_a = facts_of(a.entry.type).bits, wide_b = facts_of(b.entry.type).bits;
      return wide_a != wide_b ? wide_a > wide_b : a.name < b.name;
    });
    std::string header = "{";
    try {
      if (!metadata_.empty()) header += "\"__metadata__\":" + nlohmann::json(metadata_).dump();
      std::size_t next = 0;
      for (array& a : arrays_) {
        a.entry.first_byte = next;
        next += a.entry.bytes;
        std::vector<std::size_t> const extents(a.entry.extents.begin(),
                                               a.entry.extents.begin() + static_cast<std::ptrdiff_t>(a.entry.rank));
        header += (header.size() > 1 ? "," : "") + nlohmann::json(a.name).dump() + ":" +
                  nlohmann::json{{"dtype", facts_of(a.entry.type).name},
                                 {"shape", extents},
                                 {"data_offsets", {a.entry.first_byte, next}}}
                      .dump();
      }
    } catch (nlohmann::json::exception const&) {
      detail::refuse_file(detail::shown(path.native()) + " cannot be written: a name is no UTF-8");
    }
    header += "}";
    header.resize((header.size() + 8 + 63) / 64 * 64 - 8, ' ');
    if (header.size() > detail::largest_safetensors_header)
      detail::refuse_file(detail::shown(path.native()) +
                          " cannot be written: its header would be larger than the format allows");
    std::uint64_t const length = header.size();
    detail::output_file out(path);
    out.write({reinterpret_cast<char const*>(&length), sizeof length});
    out.write(header);
    for (array const& a : arrays_) out.write({a.data, a.entry.bytes});
    out.commit();
  }

 private:
  struct array {
    std::string name;
    weight_entry entry;
    char const* data;
    std::shared_ptr<void const> copy;
  };
  std::vector<array> arrays_;
  std::map<std::string, std::string> metadata_;
};

// Writes the parameters of a layer by their names, matrices of weights as [in_features, out_features].
//   write_safetensors("layer.safetensors", mha);
// Throws file_error where it cannot be written; what was there stays then. PyTorch: safetensors.torch.save_file(state_dict, path).
template <layer_type Layer>
void write_safetensors(std::filesystem::path const& path, Layer const& layer) {
  safetensors_writer writer;
  writer.metadata("format", "conform");
  for_each_parameter(layer, [&](std::string const& name, auto const& parameter) { writer.add(name, parameter); });
  writer.write(path);
}

}  // namespace conform

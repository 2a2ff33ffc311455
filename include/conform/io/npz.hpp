// SPDX-License-Identifier: BSL-1.0
// Defines `npz_file`, arrays by name in a zip archive, and `write_npz`. Needs libzip.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zip.h>

#include <conform/io/npy.hpp>
#include <conform/layer/parameters.hpp>

namespace conform {

// How many bytes an archive may unpack to, unless said otherwise: a small file can claim and hold very much.
inline constexpr std::size_t most_npz_bytes = std::size_t{8} << 30;

// The arrays of a .npz file, stored or deflated, unpacked when it is opened; memory grows by what comes, not by what is claimed.
// A weight_file: `load` takes it. NumPy: np.load(path).
//   npz_file const file("weights.npz");
//   file.view<float, token<6>, embed<512>>("x")   // of the unpacked array
// Throws file_error where it cannot be opened, is malformed, damaged, or larger than `most` when unpacked.
class npz_file : public arrays_by_name<npz_file> {
 public:
  explicit npz_file(std::filesystem::path const& path, std::size_t most = most_npz_bytes) : name_(path.string()) {
    detail::mapped_file const file(path);
    unpack(file.bytes(), most);
  }
  // The same of an archive in memory, which is not needed any more afterwards.
  npz_file(std::span<std::byte const> bytes, std::string name, std::size_t most = most_npz_bytes)
      : name_(std::move(name)) {
    unpack(bytes, most);
  }

  std::span<weight_entry const> entries() const { return entries_; }
  std::span<std::byte const> bytes(weight_entry const& entry) const {
    return std::span(arrays_.find(entry.name)->second).subspan(entry.first_byte, entry.bytes);
  }
  std::string_view name() const { return name_; }

 private:
  struct close_archive {
    void operator()(zip_t* z) const { zip_discard(z); }
  };
  struct close_member {
    void operator()(zip_file_t* f) const { zip_fclose(f); }
  };

  void unpack(std::span<std::byte const> bytes, std::size_t most) {
    if (bytes.empty()) refuse("it is empty");  // which libzip takes for an archive without members
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    std::unique_ptr<zip_t, close_archive> archive(source == nullptr ? nullptr
                                                                    : zip_open_from_source(source, ZIP_RDONLY, &error));
    if (!archive) {
      std::string const reason = zip_error_strerror(&error);
      zip_error_fini(&error);
      if (source != nullptr) zip_source_free(source);
      refuse(reason);
    }
    zip_error_fini(&error);
    zip_int64_t const count = zip_get_num_entries(archive.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
      char const* const text = zip_get_name(archive.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
      std::string_view name = text == nullptr ? "" : text;
      constexpr std::string_view ending = ".npy";
      if (!name.ends_with(ending)) refuse(detail::shown(name) + " in it is no .npy");
      name.remove_suffix(ending.size());
      auto const [place, is_new] = arrays_.emplace(name, std::vector<std::byte>());
      if (!is_new) refuse(detail::shown(name) + " is in it twice");
      unpack_member(archive.get(), static_cast<zip_uint64_t>(i), place->first, place->second, most);
    }
    for (auto const& [name, array] : arrays_) {
      entries_.push_back(detail::read_npy(array, detail::name_in_file(name, name_)));
      entries_.back().name = name;
    }
  }

  void unpack_member(zip_t* archive, zip_uint64_t number, std::string_view name, std::vector<std::byte>& to,
                     std::size_t& most) const {
    std::unique_ptr<zip_file_t, close_member> const member(zip_fopen_index(archive, number, 0));
    if (!member) refuse(detail::shown(name) + " cannot be unpacked: " + zip_strerror(archive));
    std::array<std::byte, 1 << 16> block;
    for (;;) {
      zip_int64_t const read = zip_fread(member.get(), block.data(), block.size());
      if (read < 0) refuse(detail::shown(name) + " cannot be unpacked: " + zip_file_strerror(member.get()));
      if (read == 0) return;
      if (static_cast<std::size_t>(read) > most) refuse("it unpacks to more bytes than it may");
      most -= static_cast<std::size_t>(read);
      to.insert(to.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(read));
    }
  }

  [[noreturn]] void refuse(std::string const& what) const {
    detail::refuse_file(detail::shown(name_) + " is no .npz file: " + what);
  }

  std::string name_;
  std::map<std::string, std::vector<std::byte>, std::less<>> arrays_;  // the names of the entries are its keys
  std::vector<weight_entry> entries_;
};

// Writes the parameters of a layer by their names, not compressed. NumPy: np.savez(path, **arrays). Throws file_error where it
// cannot be written.
template <layer_type Layer>
void write_npz(std::filesystem::path const& path, Layer const& layer) {
  auto const refuse = [&](std::string const& reason) {
    detail::refuse_file(detail::shown(path.native()) + " cannot be written: " + reason);
  };
  std::map<std::string, std::string> members;  // until the archive is closed
  for_each_parameter(layer, [&](std::string const& name, auto const& parameter) {
    detail::as_npy(parameter, [&](std::string_view header, std::string_view data) {
      members[name + ".npy"] = std::string(header) + std::string(data);
    });
  });
  int code = 0;
  zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (archive == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string const reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    refuse(reason);
  }
  for (auto const& [name, bytes] : members) {
    zip_source_t* const source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    zip_int64_t const place = source == nullptr ? -1 : zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (place < 0 || zip_set_file_compression(archive, static_cast<zip_uint64_t>(place), ZIP_CM_STORE, 0) != 0) {
      std::string const reason = zip_strerror(archive);
      if (place < 0) zip_source_free(source);
      zip_discard(archive);
      refuse(reason);
    }
  }
  if (zip_close(archive) != 0) {
    std::string const reason = zip_strerror(archive);
    zip_discard(archive);
    refuse(reason);
  }
}

}  // namespace conform

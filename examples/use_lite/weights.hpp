// SPDX-License-Identifier: BSL-1.0
// Defines the model's files: where they are looked for, that they are what they have to be, and tensors by name.
#pragma once

#include "failure.hpp"
#include "file.hpp"
#include "sha256.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <conform/io/weight_entry.hpp>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace use_lite {

// `--model`, else CONFORM_USE_LITE, else the cache that tools/fetch_model.sh fills.
inline std::filesystem::path model_directory(std::string const& option) {
  auto const set = [](char const* name) -> std::string {
    char const* value = std::getenv(name);
    return value ? value : "";
  };
  if (!option.empty()) return option;
  if (auto const named = set("CONFORM_USE_LITE"); !named.empty()) return named;
  if (auto const cache = set("XDG_CACHE_HOME"); !cache.empty())
    return std::filesystem::path(cache) / "conform" / "use-lite";
  if (auto const home = set("HOME"); !home.empty())
    return std::filesystem::path(home) / ".cache" / "conform" / "use-lite";
  throw failure("no place to look for the model: HOME is not set; name its directory with --model");
}

// A file of the model as it was published (version 0.2.0 of the package that tools/fetch_model.sh fetches).
struct model_file {
  std::string_view name;
  std::size_t bytes;
  std::string_view sha256;
};

inline constexpr std::array<model_file, 9> model_files{{
    {"model.json", 247026, "507d11df18b070f99e0ad650b9a4e6534a4cfb05040127e8ce579f00c8fa3b53"},
    {"vocab.json", 218327, "1ad860b9720c16cd48e666d664a556b2515c04f5a26a4b53c0372427913b1b8e"},
    {"group1-shard1of7", 4194304, "8775e61b6a4235ea230a62a0d81f1ff00f5213ce86baa5d89c29e611f8cd7412"},
    {"group1-shard2of7", 4194304, "deaf897e5eea5be6c71ea62876a092034560b6f6fbc99c87a768076385a465bd"},
    {"group1-shard3of7", 4194304, "50ee49b0daf620cf0cacda2f5fcc0da5929f4a3e520034844b6f8d9f3f4ec936"},
    {"group1-shard4of7", 4194304, "c1a50daae51e7c6e1e904f5d8d638a8658a0a1d310b9345cd7a368866304d596"},
    {"group1-shard5of7", 4194304, "410cde3029282e5f601c782985cbb5caa96977f6705dec981c98dd02e93fec6b"},
    {"group1-shard6of7", 4194304, "83ef116b2b98dc98e03547280ca0166142fbf6b4547bf1d9e6d13a8f518c088b"},
    {"group1-shard7of7", 2737832, "a29a5e08ee3afd839250b9187b89f1d3163749b5b1807bb175341a16c6012689"},
}};
inline constexpr std::string_view joined_shards_sha256 =
    "713639dff4b5b3cc4a1ca070077c0f1125022582dd1d2ec8961d92905c289300";

// The file's bytes. A missing, truncated or changed file is refused in a sentence that names it.
inline std::string read_model_file(std::filesystem::path const& directory, std::string_view name) {
  auto const path = directory / name;
  auto const known = std::find_if(model_files.begin(), model_files.end(), [&](auto& f) { return f.name == name; });
  if (known == model_files.end()) throw failure(quoted(path) + " is no file of this model");
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored))
    throw failure("there is no model in " + quoted(directory) +
                  "; tools/fetch_model.sh fetches it, --model and CONFORM_USE_LITE name another place");
  if (!std::filesystem::exists(path, ignored))
    throw failure("the model's file " + quoted(path) + " is missing; tools/fetch_model.sh fetches it");
  std::string bytes = read_file(path);
  if (bytes.size() != known->bytes)
    throw failure("the model's file " + quoted(path) + " has " + std::to_string(bytes.size()) + " bytes where " +
                  std::to_string(known->bytes) + " belong; tools/fetch_model.sh replaces it");
  if (sha256(bytes) != known->sha256)
    throw failure("the model's file " + quoted(path) + " does not have the expected SHA-256, so it was changed; " +
                  "tools/fetch_model.sh replaces it");
  return bytes;
}

// Which tensors lie where in the joined shards: they follow each other in the order of model.json's manifest.
struct manifest {
  struct tensor_entry {
    std::string dtype;
    std::vector<std::size_t> shape;
    std::size_t offset = 0, bytes = 0;
  };

  std::vector<std::string> shards;
  std::map<std::string, tensor_entry, std::less<>> tensors;
  std::size_t bytes = 0;

  static manifest from_json(std::string_view json) {
    manifest result;
    try {
      auto const description = nlohmann::json::parse(json);
      for (auto const& group : description.at("weightsManifest")) {
        for (auto const& path : group.at("paths")) result.shards.push_back(path.get<std::string>());
        for (auto const& weight : group.at("weights")) {
          tensor_entry entry{weight.at("dtype").get<std::string>(), weight.at("shape").get<std::vector<std::size_t>>(),
                             result.bytes, 4};
          if (entry.dtype != "float32" && entry.dtype != "int32")
            throw failure("the manifest has a tensor of " + printable(entry.dtype));
          for (auto const extent : entry.shape)
            if (__builtin_mul_overflow(entry.bytes, extent, &entry.bytes))
              throw failure("the manifest has a tensor larger than memory");
          if (__builtin_add_overflow(result.bytes, entry.bytes, &result.bytes))
            throw failure("the manifest has tensors larger than memory");
          if (!result.tensors.emplace(weight.at("name").get<std::string>(), std::move(entry)).second)
            throw failure("the manifest names a tensor twice");
        }
      }
    } catch (nlohmann::json::exception const&) {
      throw failure("the model's description has no readable weightsManifest");
    }
    return result;
  }
};

static_assert(std::endian::native == std::endian::little, "the weights are stored little-endian");

// The joined shards with their manifest: every number of the model, by the name of its tensor.
class weights {
 public:
  weights(manifest where, std::string bytes) : where_(std::move(where)), bytes_(std::move(bytes)) {
    if (bytes_.size() != where_.bytes)
      throw failure("the weights have " + std::to_string(bytes_.size()) + " bytes where the manifest lists " +
                    std::to_string(where_.bytes));
    list_parameters();
  }
  weights(weights&&) = default;  // no copies: the parameters' names are those in the manifest

  static weights load(std::filesystem::path const& directory) {
    manifest where = manifest::from_json(read_model_file(directory, "model.json"));
    std::string joined;
    joined.reserve(where.bytes);
    for (auto const& shard : where.shards) joined += read_model_file(directory, shard);
    if (sha256(joined) != joined_shards_sha256)
      throw failure("the joined weights in " + quoted(directory) + " do not have the expected SHA-256");
    return {std::move(where), std::move(joined)};
  }

  manifest const& where() const { return where_; }

  // What conform::load wants of a file. (The map's names stay where they are when this moves.)
  std::span<conform::weight_entry const> entries() const { return parameters_; }
  std::span<std::byte const> bytes(conform::weight_entry const& entry) const {
    return std::as_bytes(std::span(bytes_)).subspan(entry.first_byte, entry.bytes);
  }
  std::string_view name() const { return "the model"; }

  // The floats of one tensor. The shape is repeated by who asks: a model of another size is refused, not misread.
  // Leading extents of 1 do not count: a 1 × 1 convolution's kernel [1, 1, in, out] is a matrix.
  std::vector<float> operator()(std::string_view name, std::span<std::size_t const> shape) const {
    auto const found = where_.tensors.find(name);
    if (found == where_.tensors.end()) throw failure("the model has no tensor '" + printable(name) + "'");
    auto const& entry = found->second;
    std::span<std::size_t const> extents = entry.shape;
    while (extents.size() > shape.size() && extents.front() == 1) extents = extents.subspan(1);
    if (entry.dtype != "float32" || !std::equal(shape.begin(), shape.end(), extents.begin(), extents.end()))
      throw failure("the model's tensor '" + printable(name) + "' is " + spelled(entry.dtype, entry.shape) + " where " +
                    spelled("float32", shape) + " belongs");
    std::vector<float> values(entry.bytes / sizeof(float));
    std::memcpy(values.data(), bytes_.data() + entry.offset, entry.bytes);
    return values;
  }

 private:
  // Those tensors that are parameters: the others, whole or single numbers, are constants of the graph. As above, leading
  // extents of 1 do not count.
  void list_parameters() {
    for (auto const& [name, tensor] : where_.tensors) {
      if (tensor.dtype != "float32" || tensor.shape.empty()) continue;
      conform::weight_entry entry{name, conform::dtype::f32, 0, {}, tensor.offset, tensor.bytes};
      for (auto const extent : tensor.shape) {
        if (entry.rank == 0 && extent == 1 && tensor.shape.size() > 1) continue;
        if (entry.rank == conform::max_rank) throw failure("the manifest has a tensor of more than 16 axes");
        entry.extents[entry.rank++] = extent;
      }
      parameters_.push_back(entry);
    }
  }

  static std::string spelled(std::string_view dtype, std::span<std::size_t const> shape) {
    std::string result(dtype);
    char separator = '[';
    for (auto const extent : shape) result += std::exchange(separator, ',') + std::to_string(extent);
    return result + (shape.empty() ? "[]" : "]");
  }

  manifest where_;
  std::string bytes_;
  std::vector<conform::weight_entry> parameters_;
};

}  // namespace use_lite

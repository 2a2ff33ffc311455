// SPDX-License-Identifier: BSL-1.0
// Any bytes as a safetensors file: refused with a sentence, or every array lies in the file and can be read to its end.
#include <conform/io/load.hpp>
#include <conform/io/safetensors.hpp>
#include <conform/layer/multi_head_attention.hpp>

#include "fuzz.hpp"

namespace {

using namespace conform;

struct small_layer {
  using norm_type = tensor<float, embed<2>>;
  using linear_type = linear<float, embed<2>, hidden<2>>;
  BOOST_HANA_DEFINE_STRUCT(small_layer, (linear_type, first), (norm_type, scale));
};

void look_at_all(std::span<std::byte const> bytes) {
  safetensors_bytes const file(bytes, "fuzz");
  for (weight_entry const& entry : file.entries()) {
    fuzz::check(file.has(entry.name));
    fuzz::touch(file.bytes(entry));
    if (&entry - file.entries().data() >= 2) continue;  // exceptions take their time
    std::string_view const name = entry.name;
    fuzz::expect_file_error([&] { fuzz::sum(file.view<float, token<dyn<"T">>, embed<dyn<"E">>>(name)); });
    fuzz::expect_file_error([&] { fuzz::sum(file.copy<float, token<dyn<"T">>>(name)); });
    fuzz::expect_file_error([&] { fuzz::sum(file.copy<double, batch<dyn<"B">>, token<2>, embed<dyn<"B">>>(name)); });
    fuzz::expect_file_error([&] { fuzz::sum(file.view<bool, token<dyn<"T">>>(name)); });
  }
  small_layer layer;
  fuzz::expect_file_error([&] { load(layer, file, same_names(out_by_in), widen); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  fuzz::expect_file_error([&] { fuzz::with_aligned(data, size, look_at_all); });
  return 0;
}

#if defined(CONFORM_FUZZING)
// Most changes make the header longer or shorter, and its length wrong: seven times in eight it is made right again.
extern "C" std::size_t LLVMFuzzerMutate(unsigned char* data, std::size_t size, std::size_t most);
extern "C" std::size_t LLVMFuzzerCustomMutator(unsigned char* data, std::size_t size, std::size_t most, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  if (seed % 8 == 0) return size;
  for (std::size_t last = size; last > 8; --last)
    if (data[last - 1] == '}') {
      std::uint64_t const length = last - 8;
      std::memcpy(data, &length, sizeof length);
      break;
    }
  return size;
}
#endif

// SPDX-License-Identifier: BSL-1.0
// Any bytes as an archive of arrays: refused with a sentence, or each array can be read to its last element.
#include <conform/io/npz.hpp>
#include <conform/shape/axes.hpp>

#include "fuzz.hpp"

namespace {

using namespace conform;

void look_at_all(std::span<std::byte const> bytes) {
  constexpr std::size_t most = 1 << 20;
  npz_file const file(bytes, "fuzz", most);
  for (weight_entry const& entry : file.entries()) {
    fuzz::check(file.has(entry.name));
    fuzz::touch(file.bytes(entry));
    fuzz::expect_file_error([&] { fuzz::sum(file.copy<float, token<dyn<"T">>>(entry.name)); });
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  fuzz::expect_file_error([&] { fuzz::with_aligned(data, size, look_at_all); });
  return 0;
}

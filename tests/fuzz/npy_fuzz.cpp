// SPDX-License-Identifier: BSL-1.0
// Any bytes as an array of NumPy's: refused with a sentence, or its elements can be read to the last.
#include <conform/io/npy.hpp>
#include <conform/shape/axes.hpp>

#include "fuzz.hpp"

namespace {

using namespace conform;

template <class T>
void look_at(npy_bytes const& file) {
  fuzz::expect_file_error([&] {
    if (file.entry().rank == 0) fuzz::sum(file.copy<T>());
    if (file.entry().rank == 1) fuzz::sum(file.view<T, token<dyn<"T">>>());
    if (file.entry().rank == 2 && file.entry().column_major) fuzz::sum(file.column_major_view<T, token<dyn<"T">>, embed<dyn<"E">>>());
    if (file.entry().rank == 2) fuzz::sum(file.copy<T, token<dyn<"T">>, embed<dyn<"E">>>());
    if (file.entry().rank == 3) fuzz::sum(file.copy<T, batch<dyn<"B">>, token<2>, embed<dyn<"B">>>());
  });
}

void look_at_all(std::span<std::byte const> bytes) {
  npy_bytes const file(bytes, "fuzz");
  switch (file.entry().type) {
    case dtype::boolean: return look_at<bool>(file);
    case dtype::f32: return look_at<float>(file);
    case dtype::f64: return look_at<double>(file);
    case dtype::i8: return look_at<std::int8_t>(file);
    case dtype::u16: return look_at<std::uint16_t>(file);
    default: return look_at<std::int64_t>(file);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  fuzz::expect_file_error([&] { fuzz::with_aligned(data, size, look_at_all); });
  return 0;
}

#if defined(CONFORM_FUZZING)
// Most changes make the header's length wrong: seven times in eight it is made right again.
extern "C" std::size_t LLVMFuzzerMutate(unsigned char* data, std::size_t size, std::size_t most);
extern "C" std::size_t LLVMFuzzerCustomMutator(unsigned char* data, std::size_t size, std::size_t most, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  if (seed % 8 == 0 || size < 11) return size;
  for (std::size_t last = size; last > 10; --last)
    if (data[last - 1] == '}' || data[last - 1] == '\n') {
      std::memcpy(data, "\x93NUMPY\1\0", 8);
      data[8] = static_cast<unsigned char>((last - 10) & 0xFF);
      data[9] = static_cast<unsigned char>((last - 10) >> 8);
      break;
    }
  return size;
}
#endif

// SPDX-License-Identifier: BSL-1.0
// Runs a fuzz target once on each file of the folders given: what a fuzzer found stays found.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size);

int main(int count, char** arguments) {
  int files = 0;
  for (int i = 1; i < count; ++i)
    for (auto const& entry : std::filesystem::directory_iterator(arguments[i])) {
      std::ifstream in(entry.path(), std::ios::binary);
      std::string const bytes(std::istreambuf_iterator<char>(in), {});
      LLVMFuzzerTestOneInput(reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size());
      // And cut short, which is what most broken files are.
      for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 64)
        LLVMFuzzerTestOneInput(reinterpret_cast<unsigned char const*>(bytes.data()), size);
      ++files;
    }
  std::printf("%d files\n", files);
  return files == 0;
}

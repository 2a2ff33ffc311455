// SPDX-License-Identifier: BSL-1.0
// Memory of tensors is used again: by size, within a limit, and given back with the thread.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <new>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <conform/conform.hpp>

namespace {

std::atomic<std::size_t> allocations{0}, in_use{0};

void* counted(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  ++in_use;
  void* const memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void uncounted(void* memory) {
  if (memory != nullptr) --in_use;
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return counted(bytes, static_cast<std::size_t>(alignment)); }
void operator delete(void* memory) noexcept { uncounted(memory); }
void operator delete(void* memory, std::size_t) noexcept { uncounted(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { uncounted(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { uncounted(memory); }

using namespace conform;
using kept = detail::kept_blocks;

BOOST_AUTO_TEST_CASE(sizes_are_rounded_by_an_eighth_at_most) {
  for (std::size_t bytes = 1; bytes < 100000; bytes += 7) {
    std::size_t const rounded = kept::rounded(bytes);
    BOOST_TEST_REQUIRE(rounded >= bytes);
    BOOST_TEST_REQUIRE(rounded % storage_alignment == 0);
    BOOST_TEST_REQUIRE(rounded - bytes < std::max<std::size_t>(64, bytes / 8 + 1));
    BOOST_TEST_REQUIRE(kept::rounded(rounded) == rounded);
  }
}

BOOST_AUTO_TEST_CASE(a_layer_allocates_nothing_once_it_has_run) {
  if (!detail::keeps_memory) return;
  encoder_layer<float, embed<64>, head<4>, hidden<128>> layer;
  fill_uniform(layer, 1);
  tensor<float, batch<2>, token<40>, embed<64>> x;
  fill_uniform(x, 2);
  auto const first = layer(x, causal);
  { auto const second = layer(x, causal); }
  std::size_t const before = allocations;
  {
    auto const third = layer(x, causal);
    BOOST_TEST(max_abs_difference(first, third) == 0);
  }
  BOOST_TEST(allocations == before);
}

BOOST_AUTO_TEST_CASE(no_more_is_kept_than_the_limit) {
  if (!detail::keeps_memory) return;
  release_kept_memory();
  std::size_t const before = in_use;
  {
    tensor<char, token<kept::most_bytes / 2>> a, b, c;
    tensor<char, token<2 * kept::most_bytes>> d;
  }
  BOOST_TEST(kept::of_thread()->bytes() <= kept::most_bytes);
  BOOST_TEST(kept::of_thread()->bytes() > 0);
  { std::vector<tensor<float, token<100>>> many(200); }
  BOOST_TEST(in_use <= before + 65);
  release_kept_memory();
  BOOST_TEST(kept::of_thread()->bytes() == 0);
  BOOST_TEST(in_use == before);
}

BOOST_AUTO_TEST_CASE(what_a_thread_keeps_ends_with_it) {
  std::size_t const before = in_use;
  tensor<float, token<1000>> x;
  std::thread([&] {
    tensor<float, token<1000>> y, z;
    x = std::move(y);
  }).join();
  BOOST_TEST(x.size() == 1000);
  x = tensor<float, token<1000>>();
  release_kept_memory();
  BOOST_TEST(in_use <= before + 1);  // x
}

BOOST_AUTO_TEST_CASE(tensors_start_with_zeros_in_memory_that_was_used) {
  {
    tensor<float, token<100>> x;
    fill(x, 7);
  }
  tensor<float, token<100>> y;
  BOOST_TEST(y(3) == 0);
}

#if defined(__linux__)
// Large blocks begin with a page of 2 MiB, and the system knows what is wanted: "hg" among the flags of their memory.
BOOST_AUTO_TEST_CASE(large_tensors_ask_for_huge_pages) {
  tensor<float, token<1024>, embed<1024>> const x;
  auto const first = reinterpret_cast<std::uintptr_t>(x.data());
  BOOST_TEST(first % detail::huge_page == 0);
  std::ifstream maps("/proc/self/smaps");
  if (!std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled") || !maps) return;
  bool here = false, asked = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0, end = 0;
    char dash = 0;
    std::istringstream words(line);
    if (words >> std::hex >> begin >> dash >> end && dash == '-') here = begin <= first && first < end;
    if (here && line.starts_with("VmFlags:")) asked = line.find(" hg") != std::string::npos;
  }
  BOOST_TEST(asked);
}
#endif

BOOST_AUTO_TEST_CASE(a_workspace_that_cannot_grow_is_made_again) {
  if (!detail::keeps_memory) return;  // sanitizers end a program that asks for so much
  std::thread([] {
    detail::thread_workspace<float>(100)[99] = 1;
    BOOST_CHECK_THROW(detail::thread_workspace<float>(std::size_t{1} << 55), std::bad_alloc);
    BOOST_TEST(detail::thread_workspace<float>(50) != nullptr);
  }).join();
}

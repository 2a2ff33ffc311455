// SPDX-License-Identifier: BSL-1.0
// An arena: blocks go where they fit first, workspaces to the end, and it says what it lacks.
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <conform/conform.hpp>

#include "says.hpp"

using namespace conform;

BOOST_AUTO_TEST_CASE(blocks_go_where_they_fit_first) {
  detail::arena_blocks blocks;
  BOOST_TEST(blocks.take(128) == 0);
  BOOST_TEST(blocks.take(64) == 128);
  BOOST_TEST(blocks.take(256) == 192);
  BOOST_TEST(blocks.end() == 448);
  blocks.give(0);
  BOOST_TEST(blocks.take(192) == 448);  // 128 are too few
  BOOST_TEST(blocks.take(64) == 0);
  blocks.give(128);
  BOOST_TEST(blocks.take(128) == 64);  // of two that were given back
  blocks.give(448);
  BOOST_TEST(blocks.end() == 448);
  BOOST_TEST(blocks.count() == 3);
}

BOOST_AUTO_TEST_CASE(a_workspace_grows_where_it_is_and_the_other_stays) {
  alignas(64) std::array<std::byte, 4096> bytes;
  detail::arena_memory memory(bytes);
  BOOST_TEST(memory.begin());
  BOOST_TEST(!memory.begin());  // it is in use
  auto const at = [&](void* place) { return static_cast<std::byte*>(place) - bytes.data(); };
  BOOST_TEST(at(memory.take(1)) == 0);
  BOOST_TEST(at(memory.workspace(0, 100)) == 4096 - 128);
  BOOST_TEST(at(memory.workspace(0, 60)) == 4096 - 128);
  BOOST_TEST(at(memory.workspace(0, 1000)) == 4096 - 1024);
  BOOST_TEST(at(memory.workspace(1, 1024)) == 4096 - 2048);
  BOOST_TEST(at(memory.workspace(0, 1024)) == 4096 - 1024);
  void* const rest = memory.take(2048 - 64);
  BOOST_TEST(at(rest) == 64);
  BOOST_TEST(test::thrown_by<shape_error>([&] { memory.take(1); }) ==
             "C048 arena: 1 bytes are needed beside 4096 in use, and it has 4096, see workspace_bytes");
  BOOST_TEST(test::thrown_by<shape_error>([&] { memory.workspace(0, 1025); }) ==
             "C048 arena: 1025 bytes are needed beside 4096 in use, and it has 4096, see workspace_bytes");
  BOOST_TEST(memory.give(rest));
  int elsewhere = 0;
  BOOST_TEST(!memory.give(&elsewhere));
  memory.end();
  BOOST_TEST(memory.begin());
  BOOST_TEST(at(memory.take(4000)) == 64);  // behind the block that nobody gave back
}

BOOST_AUTO_TEST_CASE(no_more_tensors_than_there_are_places) {
  static std::array<std::byte, 1 << 16> bytes;
  detail::arena_memory memory(bytes);
  memory.begin();
  for (std::size_t i = 0; i < detail::arena_blocks::most; ++i) memory.take(64);
  BOOST_TEST(test::thrown_by<shape_error>([&] { memory.take(64); }) == "C048 arena: more than 64 tensors at once");
}

BOOST_AUTO_TEST_CASE(tensors_of_a_scope_lie_in_its_arena) {
  static static_arena<4096> mine;
  auto const inside = [](void const* place) {
    auto const address = reinterpret_cast<std::uintptr_t>(place), first = reinterpret_cast<std::uintptr_t>(&mine);
    return address >= first && address < first + sizeof mine;
  };
  tensor<float, token<8>> before;
  {
    arena_scope const scope(&mine);
    tensor<float, token<8>> x;
    BOOST_TEST(inside(x.data()));
    BOOST_TEST(inside(detail::thread_workspace<float>(8)));
    { tensor<float, token<8>> const gone = std::move(before); }  // to where it was taken
    arena_scope const none(nullptr);
    BOOST_TEST(inside(tensor<float, token<8>>().data()));
  }
  BOOST_TEST(!inside(tensor<float, token<8>>().data()));
  BOOST_TEST(!inside(detail::thread_workspace<float>(8)));
}

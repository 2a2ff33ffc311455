// SPDX-License-Identifier: BSL-1.0
// layer.into: gives what the call gives, wherever it is told to write, from an arena of exactly workspace_bytes, and allocates
// nothing.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <conform/conform.hpp>

namespace {

std::atomic<std::size_t> allocations{0};

void* counted(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  void* const memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void given_back(void* memory) { std::free(memory); }

}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return counted(bytes, static_cast<std::size_t>(alignment)); }
void operator delete(void* memory) noexcept { given_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { given_back(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { given_back(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { given_back(memory); }

// BLIS takes its memory from C. (Under sanitizers these are theirs.)
#if defined(__GLIBC__) && !defined(CONFORM_SANITIZED)
extern "C" {
void* __libc_malloc(std::size_t);
void* malloc(std::size_t bytes) noexcept {
  ++allocations;
  return __libc_malloc(bytes);
}
}
#endif

namespace {

using namespace conform;
template <class... Axes>
using f = tensor<float, Axes...>;
constexpr std::size_t B = dyn<"B">, N = dyn<"N">;

// Memory that begins `off` bytes behind a whole line.
class memory_at {
 public:
  memory_at(std::size_t bytes, std::size_t off) : all_(bytes + 2 * storage_alignment) {
    std::size_t const wrong = reinterpret_cast<std::uintptr_t>(all_.data()) % storage_alignment;
    part_ = std::span(all_.data() + storage_alignment - wrong + off, bytes);
  }
  std::span<std::byte> bytes() { return part_; }

 private:
  std::vector<std::byte> all_;
  std::span<std::byte> part_;
};

// call(option) runs in an arena of exactly `bytes`, wherever it begins, twice, and the second time allocates nothing.
template <class Call, class Same>
void runs_in(std::size_t bytes, Call const& call, Same const& same) {
  for (std::size_t off : {std::size_t{0}, std::size_t{1}, std::size_t{63}}) {
    memory_at memory(bytes, off);
    arena mine(memory.bytes());
    call(in(mine));  // BLIS's own memory is there now
    std::size_t const before = allocations;
    call(in(mine));
    std::size_t const after = allocations;
    BOOST_TEST(after == before);
    BOOST_TEST(same());
  }
}

// In a third of it, it finds too little.
template <class Call>
void needs_most_of(std::size_t bytes, Call const& call) {
  memory_at memory(bytes / 3, 0);
  arena small(memory.bytes());
  BOOST_CHECK_EXCEPTION(call(in(small)), shape_error,
                        [](auto const& e) { return std::string(e.what()).substr(0, 12) == "C048 arena: "; });
}

// The layer's call of these, written into targets in order, turned, and part of something larger.
template <class Layer, class... Arguments>
void writes_what_it_gives(Layer const& layer, Arguments const&... arguments) {
  auto const expected = layer(arguments...);
  auto y = expected;
  auto const same = [&] { return max_abs_difference(y, expected) == 0; };
  auto const call = [&](auto const& option) {
    fill(y, 7);
    layer.into(y, arguments..., option);
  };
  std::size_t const bytes = workspace_bytes(layer, arguments...);
  runs_in(bytes, call, same);
  if (bytes > 300000) needs_most_of(bytes, call);
  fill(y, 7);
  layer.into(y, arguments...);
  BOOST_TEST(same());
}

// For a layer of tokens: extents that are numbers, and those that only the run knows.
template <class T, class Layer, class... Options>
void of_tokens(Layer layer, Options const&... options) {
  fill_uniform(layer, 3);
  tensor<T, batch<2>, token<37>, embed<64>> x;
  fill_uniform(x, 1);
  static_assert(decltype(workspace_bytes(layer, x, options...))::value > 0);
  writes_what_it_gives(layer, x, options...);
  tensor<T, batch<B>, token<N>, embed<64>> y(bind<"B">(3), bind<"N">(19));
  fill_uniform(y, 2);
  writes_what_it_gives(layer, y, options...);
  BOOST_TEST((workspace_bytes(layer, tensor<T, batch<B>, token<N>, embed<64>>(bind<"B">(2), bind<"N">(37)), options...)) ==
             (workspace_bytes(layer, x, options...)));
  writes_what_it_gives(prepacked(layer), x, options...);
}
// And of a memory.
template <class T, class Layer, class... Options>
void of_tokens_and_memory(Layer layer, Options const&... options) {
  fill_uniform(layer, 3);
  tensor<T, batch<2>, token<37>, embed<64>> x;
  tensor<T, batch<2>, key<21>, embed<64>> memory;
  fill_uniform(x, 1);
  fill_uniform(memory, 2);
  writes_what_it_gives(layer, x, memory, options...);
  writes_what_it_gives(prepacked(layer), x, memory, options...);
}

// All layers with elements T.
template <class T>
void all_layers() {
  of_tokens<T>(linear<T, embed<64>, embed<64>>());
  of_tokens<T>(linear<T, embed<64>, hidden<100>, without_bias>());
  of_tokens<T>(layer_normalization<T, embed<64>>());
  of_tokens<T>(rms_normalization<T, embed<64>>());
  of_tokens<T>(feed_forward<T, embed<64>, hidden<200>>());
  of_tokens<T>(gated_feed_forward<T, embed<64>, hidden<200>>());
  of_tokens<T>(multi_head_attention<T, embed<64>, head<4>>(), causal);
  of_tokens<T>(multi_head_attention<T, embed<64>, head<4>, kv_head<2>, value_dim<24>, embed<32>>(), window_of(5, 2), softcap(30));
  of_tokens_and_memory<T>(multi_head_attention<T, embed<64>, head<4>>());
  of_tokens<T>(encoder_layer<T, embed<64>, head<4>, hidden<200>>(), causal);
  of_tokens<T>(encoder_layer<T, embed<64>, head<4>, hidden<200>, norm_placement::pre, activation::silu, with_rms_normalization,
                             with_gated_feed_forward, without_bias>());
  of_tokens_and_memory<T>(decoder_layer<T, embed<64>, head<4>, hidden<200>>(), to_self(causal));
  of_tokens_and_memory<T>(decoder_layer<T, embed<64>, head<4>, hidden<200>, norm_placement::pre>());
  of_tokens<T>(layer_stack<encoder_layer<T, embed<64>, head<4>, hidden<200>, norm_placement::pre>, 5,
                           layer_normalization<T, embed<64>>>(), causal);
  of_tokens_and_memory<T>(layer_stack<decoder_layer<T, embed<64>, head<4>, hidden<200>>, 3>());
  of_tokens<T>(learned_positions<T, token<100>, embed<64>>());
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_layer_writes_what_it_gives_in_its_memory) { all_layers<float>(); }
BOOST_AUTO_TEST_CASE(in_double) { all_layers<double>(); }
BOOST_AUTO_TEST_CASE(and_of_stored_elements) { all_layers<bfloat16>(); }

BOOST_AUTO_TEST_CASE(embeddings_of_ids) {
  token_embedding<float, vocab<50>, embed<64>> layer;
  fill_uniform(layer, 1);
  tensor<int, batch<2>, token<9>> ids;
  writes_what_it_gives(layer, ids);
}

BOOST_AUTO_TEST_CASE(a_target_lies_anywhere) {
  multi_head_attention<float, embed<64>, head<4>> mha;
  fill_uniform(mha, 3);
  f<batch<2>, token<6>, embed<64>> x;
  fill_uniform(x, 1);
  auto const expected = mha(x, causal);
  f<embed<64>, batch<2>, token<6>> turned;
  mha.into(turned, x, causal);
  BOOST_TEST(max_abs_difference(turned, expected) == 0);
  f<batch<2>, token<9>, embed<64>> wide;
  fill(wide, 7);
  mha.into(slice<token<6>>(wide, 2), x, causal, threads(2));
  BOOST_TEST(max_abs_difference(slice<token<6>>(wide, 2), expected) == 0);
  BOOST_TEST(wide(1, 1, 3) == 7);
  BOOST_TEST(wide(1, 8, 3) == 7);
  inplace_tensor<float, batch<2>, token<6>, embed<64>> inside;
  mha.into(inside, x, causal);
  BOOST_TEST(max_abs_difference(inside, expected) == 0);
}

BOOST_AUTO_TEST_CASE(symbols_of_target_and_input_meet) {
  linear<float, embed<8>, embed<8>> layer;
  f<token<N>, embed<8>> x(bind<"N">(5)), y(bind<"N">(6));
  BOOST_CHECK_EXCEPTION(layer.into(y, x), shape_error,
                        [](auto const& e) { return std::string(e.what()) == "C010 linear: token N=6 meets token N=5"; });
}

BOOST_AUTO_TEST_CASE(attention_of_many_sizes) {
  constexpr std::size_t D = dyn<"D">, S = dyn<"S">;
  for (std::size_t n : {1u, 2u, 4u, 7u, 8u, 9u, 31u, 33u, 64u, 129u, 200u, 257u, 300u})
    for (std::size_t keys : {1u, 5u, 64u, 65u, 190u, 257u, 700u})
      for (std::size_t d : {1u, 8u, 64u, 80u}) {
        tensor<float, head<2>, token<N>, head_dim<D>> q(bind<"N">(n), bind<"D">(d)), y(bind<"N">(n), bind<"D">(d));
        tensor<float, head<2>, key<S>, head_dim<D>> k(bind<"S">(keys), bind<"D">(d)), v(bind<"S">(keys), bind<"D">(d));
        tensor<float, token<N>, key<S>> bias(bind<"N">(n), bind<"S">(keys));
        fill_uniform(q, 1);
        fill_uniform(k, 2);
        fill_uniform(v, 3);
        fill_uniform(bias, 4);
        auto const with = [&](auto const&... options) {
          auto const expected = attention(q, k, v, options...);
          runs_in(attention_workspace_bytes(q, k, v, options...),
                  [&](auto const& memory) { attention_into(y, q, k, v, options..., memory); },
                  [&] { return max_abs_difference(y, expected) == 0; });
        };
        with();
        with(add_bias(bias), causal_to_end);
        // A value that is not finite, which a query that does not see it is not told.
        v(0, 0, 0) = std::numeric_limits<float>::infinity();
        tensor<bool, token<N>, key<S>> hidden(bind<"N">(n), bind<"S">(keys));
        for (std::size_t t = 0; t < n; ++t) hidden(t, 0) = true;
        with(ignore_where(hidden));
      }
}

BOOST_AUTO_TEST_CASE(an_arena_is_free_after_a_call_even_one_that_failed) {
  feed_forward<float, embed<64>, hidden<512>> large;
  linear<float, embed<64>, embed<64>> small;
  f<token<50>, embed<64>> x, y;
  memory_at memory(workspace_bytes(small, x), 0);
  arena mine(memory.bytes());
  for (int i = 0; i < 3; ++i) {
    BOOST_CHECK_THROW(large.into(y, x, in(mine)), shape_error);
    small.into(y, x, in(mine));
  }
  arena none(std::span<std::byte>{});
  BOOST_CHECK_THROW(small.into(y, f<embed<64>, token<50>>(), in(none)), shape_error);
}

BOOST_AUTO_TEST_CASE(tensors_that_were_there_before_are_given_back_where_they_were_taken) {
  f<token<50>, embed<64>> x, y;
  static static_arena<1 << 20> mine;
  arena_scope const scope(&mine);
  x = std::move(y);
  f<token<9>> made;
  BOOST_TEST(made(3) == 0);
}

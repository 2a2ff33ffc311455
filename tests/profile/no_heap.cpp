// SPDX-License-Identifier: BSL-1.0
// No heap after the start: tensors inside their objects, one call that warms the thread up, and from there on whoever asks for
// memory ends the program.
#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>

#include <conform/conform.hpp>

namespace {

bool started = false;

void watch() {
  if (!started) return;
  std::fputs("the heap was used after the start\n", stderr);
  std::abort();
}

void* given(std::size_t bytes, std::size_t alignment) {
  watch();
  void* const memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

void* operator new(std::size_t bytes) { return given(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return given(bytes, static_cast<std::size_t>(alignment)); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

// BLIS takes its memory from C. (Under sanitizers these are theirs.)
#if defined(__GLIBC__)
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
#if !defined(CONFORM_SANITIZED)
void* malloc(std::size_t bytes) noexcept {
  watch();
  return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) noexcept {
  watch();
  return __libc_calloc(count, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  watch();
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t bytes) noexcept {
  watch();
  *memory = __libc_memalign(alignment, bytes);
  return 0;
}
#endif
}
#endif

namespace {

using namespace conform;

// Everything in static memory.
constinit inplace_tensor<float, batch<2>, token<7>, head<4>, head_dim<16>> queries, context;
constinit inplace_tensor<float, batch<2>, key<9>, kv_head<2>, head_dim<16>> keys, values;
constinit inplace_tensor<float, batch<2>, token<7>, embed<32>> tokens, encoded;

float attend() {
  attention_into(context, queries, keys, values, softcap(30), scale(0.25));
  attention_into(context, queries, slice<key<7>>(keys, 0), slice<key<7>>(values, 0), causal);
  return context(1, 6, 3, 15);
}

// A layer that was built before, in memory whose size is known when compiling.
using encoder = encoder_layer<float, embed<32>, head<4>, hidden<64>>;
constinit static_arena<decltype(workspace_bytes(std::declval<encoder const&>(), tokens, causal))::value> temporaries;

float encode(encoder const& layer) {
  layer.into(encoded, tokens, causal, in(temporaries));
  return encoded(1, 6, 31);
}

}  // namespace

int main(int arguments, char**) {
  fill_uniform(queries, 1);
  fill_uniform(keys, 2);
  fill_uniform(values, 3);
  float const first = attend();

  // A layer makes tensors of the same sizes at each call, in memory that the thread keeps. (Under sanitizers none is kept.)
  multi_head_attention<float, embed<32>, head<4>> layer;
  fill_uniform(layer, 4);
  tensor<float, batch<2>, token<7>, embed<32>> x;
  fill_uniform(x, 5);
  float const layer_first = layer(x, causal)(1, 6, 31);
  bool const layers = conform::detail::keeps_memory;
  if (layers && layer(x, causal)(1, 6, 31) != layer_first) return 1;

  encoder built;
  fill_uniform(built, 6);
  fill_uniform(tokens, 7);
  float const encoder_first = encode(built);
  if (built(tokens, causal)(1, 6, 31) != encoder_first) return 1;

  started = true;
  bool same = true;
  for (int i = 0; i < 3; ++i) {
    same = same && attend() == first && encode(built) == encoder_first;
    if (layers) same = same && layer(x, causal)(1, 6, 31) == layer_first;
  }
  // That the heap is watched.
  if (arguments == 2) same = tensor<float, token<1000>>()(0) == 0 && same;
  if (arguments == 3) {
    void* volatile const memory = std::malloc(1);
    std::free(memory);
  }
  started = false;
  return same ? 0 : 1;
}

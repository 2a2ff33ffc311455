// SPDX-License-Identifier: BSL-1.0
// A library for torch_dlpack.py: tensors of PyTorch's come in and go out through DLPack.
#include <cstdio>
#include <exception>
#include <memory>
#include <utility>

#include <conform/conform.hpp>
#include <conform/interop/dlpack.hpp>

using namespace conform;

namespace {

char said[512];

template <class F>
DLManagedTensor* guarded(F&& f) {
  try {
    said[0] = '\0';
    return f().release();
  } catch (std::exception const& error) {
    std::snprintf(said, sizeof said, "%s", error.what());
    return nullptr;
  }
}

}  // namespace

extern "C" {

char const* refused_because() { return said; }

// Scores of queries and keys, which may lie in any order: [head, token, head_dim] and [head, key, head_dim].
DLManagedTensor* scores(DLManagedTensor* q, DLManagedTensor* k) {
  return guarded([&] {
    dlpack_handle own_q(q), own_k(k);
    auto const queries = from_dlpack_strided<float, head<2>, token<dyn<"T">>, head_dim<4>>(std::move(own_q));
    auto const keys = from_dlpack_strided<float, head<2>, key<dyn<"S">>, head_dim<4>>(std::move(own_k));
    return to_dlpack(matmul<head_dim>(queries.view(), keys.view()));
  });
}

// Gives back what came, turned, in the same memory: what this library kept is let go with the result.
DLManagedTensor* turned(DLManagedTensor* x) {
  return guarded([&] {
    auto const kept = std::make_shared<dlpack_tensor<float, shape<token<dyn<"T">>, embed<3>>, row_major<shape<token<dyn<"T">>, embed<3>>>>>(
        from_dlpack<float, token<dyn<"T">>, embed<3>>(dlpack_handle(x)));
    auto result = to_dlpack(permute<embed, token>(kept->view()));
    static std::shared_ptr<void> last;  // a view only lends: somebody keeps the memory
    last = kept;
    return result;
  });
}
}

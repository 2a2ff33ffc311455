// SPDX-License-Identifier: BSL-1.0
// Defines the exchange of tensors through DLPack, which PyTorch, NumPy, JAX and TVM speak: `to_dlpack` and `from_dlpack`. No copy.
// Needs dlpack.h, 0.6 or newer (Debian: libdlpack-dev).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include <dlpack/dlpack.h>

#include <conform/diagnose/element_types.hpp>
#include <conform/tensor/named_view.hpp>
#include <conform/tensor/storage_type.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

// kDLBool, which is younger than 0.6.
inline constexpr std::uint8_t dlpack_bool = 6;

// DLPack's words for an element type; bits are 0 where it has none.
template <class T>
constexpr DLDataType dlpack_type() {
  if constexpr (std::is_same_v<T, bool>)
    return {dlpack_bool, 8, 1};
  else if constexpr (std::is_integral_v<T>)
    return {static_cast<std::uint8_t>(std::is_signed_v<T> ? kDLInt : kDLUInt), static_cast<std::uint8_t>(8 * sizeof(T)),
            1};
  else if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
    return {kDLFloat, static_cast<std::uint8_t>(8 * sizeof(T)), 1};
#if defined(__FLT16_MANT_DIG__)
  else if constexpr (std::is_same_v<T, _Float16>)
    return {kDLFloat, 16, 1};
#endif
  else
    return {0, 0, 0};
}

// What a capsule holds besides its tensor.
template <class Kept>
struct dlpack_context {
  DLManagedTensor managed{};
  Kept kept;
  std::array<std::int64_t, shape_t<Kept>::rank + 1> extents{}, strides{};

  explicit dlpack_context(Kept&& x) : kept(std::move(x)) {
    constexpr std::size_t rank = shape_t<Kept>::rank;
    for (std::size_t i = 0; i < rank; ++i) {
      extents[i] = static_cast<std::int64_t>(kept.extent(i));
      strides[i] = static_cast<std::int64_t>(kept.stride(i));
    }
    managed.dl_tensor.data = kept.data();
    managed.dl_tensor.device = {kDLCPU, 0};
    managed.dl_tensor.ndim = static_cast<int>(rank);
    managed.dl_tensor.dtype = dlpack_type<value_t<Kept>>();
    managed.dl_tensor.shape = extents.data();
    managed.dl_tensor.strides = strides.data();
    managed.dl_tensor.byte_offset = 0;
    managed.manager_ctx = this;
    managed.deleter = [](DLManagedTensor* self) { delete static_cast<dlpack_context*>(self->manager_ctx); };
  }
};

struct call_dlpack_deleter {
  void operator()(DLManagedTensor* managed) const {
    if (managed->deleter != nullptr) managed->deleter(managed);
  }
};

}  // namespace detail

// A DLManagedTensor that is deleted as it wants to be. release() gives it to who takes it over, such as a Python capsule.
using dlpack_handle = std::unique_ptr<DLManagedTensor, detail::call_dlpack_deleter>;

// Elements that DLPack has a word for, and that may be written: it has no word for const.
template <class X>
struct to_dlpack_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("to_dlpack");
    if constexpr (is_tensor<X>) {
      if (std::is_const_v<element_t<std::remove_reference_t<X>>>)
        s << "C018 to_dlpack [" << shape_t<X>::list()
          << "]: the elements are const, and who takes it may write them: contiguous(x) copies";
      else if (detail::dlpack_type<value_t<X>>().bits == 0)
        s << "C018 to_dlpack [" << shape_t<X>::list() << "]: the elements are "
          << detail::type_name<value_t<X>> << ", which DLPack does not know";
      else if (is_owner<X> && std::is_lvalue_reference_v<X>)
        s << "C028 to_dlpack [" << shape_t<X>::list()
          << "]: the tensor stays: std::move(x) gives its memory, view_of(x) lends it";
    }
    return s;
  }
};

template <class X>
inline constexpr bool can_give_dlpack = holds<to_dlpack_rule<X>>;

// A tensor for others, with its extents and strides; no copy. Axis names end here.
//   x  a temporary owner, whose memory goes along: to_dlpack(std::move(x)); or a view, whose memory must stay as long as it is used
// Refuses: an owner that stays (C028), const elements or such that DLPack does not know (C018), no tensor (C003).
// PyTorch: torch.utils.dlpack.to_dlpack.
//   PyCapsule_New(to_dlpack(mha(x)).release(), "dltensor", …)
template <class X>
auto to_dlpack(X&& x) {
  using rule = to_dlpack_rule<X>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using kept = std::remove_cvref_t<X>;
    auto* const context = new detail::dlpack_context<kept>(kept(std::forward<X>(x)));
    return dlpack_handle(&context->managed);
  }
}

// A tensor of others, kept until this goes, with named axes.
template <class T, class Shape, class Layout>
class dlpack_tensor {
 public:
  dlpack_tensor(dlpack_handle handle, tensor_view<T, Shape, Layout> const& elements)
      : handle_(std::move(handle)), view_(elements) {}
  tensor_view<T, Shape, Layout> const& view() const& { return view_; }
  void view() const&& = delete;  // of a temporary: it would dangle

 private:
  dlpack_handle handle_;
  tensor_view<T, Shape, Layout> view_;
};

namespace detail {

template <class T, class Shape, class Layout>
tensor_view<T, Shape, Layout> view_of_dlpack(DLTensor const& t) {
  diagnosis s;
  std::string_view const operation = "from_dlpack";
  s << "C018 from_dlpack [" << Shape::list() << "]: ";
  if (t.device.device_type != kDLCPU && t.device.device_type != kDLCUDAHost)
    refuse_memory(s << "the elements lie on device " << static_cast<std::size_t>(t.device.device_type)
                    << ", not in memory");
  constexpr DLDataType wanted = dlpack_type<std::remove_const_t<T>>();
  static_assert(wanted.bits != 0, "DLPack has no such elements");
  if (t.dtype.code != wanted.code || t.dtype.bits != wanted.bits || t.dtype.lanes != 1)
    refuse_memory(s << "the elements are of code " << t.dtype.code << " with " << t.dtype.bits << " bits in "
                    << t.dtype.lanes << (t.dtype.lanes == 1 ? " lane" : " lanes") << ", and "
                    << type_name<std::remove_const_t<T>> << " is asked for");
  s = diagnosis();
  if (t.ndim < 0 || static_cast<std::size_t>(t.ndim) != Shape::rank)
    refuse_memory(other_rank(s, operation, Shape::list(), static_cast<std::size_t>(t.ndim < 0 ? 0 : t.ndim)));
  index_array<Shape> extents{}, strides{};
  for (std::size_t i = 0; i < Shape::rank; ++i) {
    if (t.shape[i] < 0 || (t.strides != nullptr && t.strides[i] < 0 && t.shape[i] > 1))
      refuse_memory(s << "C028 from_dlpack [" << Shape::list() << "]: " << Shape::ids[i].name()
                      << " has a negative extent or stride");
    extents[i] = static_cast<std::size_t>(t.shape[i]);
  }
  row_major_strides_at_run_time({Shape::ids.data(), extents.data(), Shape::rank}, strides.data());
  if (t.strides != nullptr)
    for (std::size_t i = 0; i < Shape::rank; ++i)
      strides[i] = t.strides[i] < 0 ? 0 : static_cast<std::size_t>(t.strides[i]);
  auto* const data = static_cast<std::byte*>(t.data) + (t.data == nullptr ? 0 : t.byte_offset);
  if (reinterpret_cast<std::uintptr_t>(data) % alignof(T) != 0)
    refuse_memory(s << "C028 from_dlpack [" << Shape::list() << "]: the elements do not lie at a multiple of "
                    << alignof(T) << " bytes");
  auto const view = named_view<T, Shape, Layout>(operation, reinterpret_cast<T*>(data), extents, strides);
  if (t.data == nullptr && view.size() != 0)
    refuse_memory(s << "C028 from_dlpack [" << Shape::list() << "]: there are no elements");
  return view;
}

}  // namespace detail

// Takes over a tensor of others, in row-major order, and names its axes; no copy. Where it throws, `handle` is deleted as well.
//   T, Axes  its elements and axes: a number is compared with what is there, a symbol takes it
//   handle   dlpack_handle(managed), where nobody else deletes it
// Throws shape_error: another device or type (C018), other axes (C007, C008), another order, negative strides or no alignment (C028).
// PyTorch: torch.utils.dlpack.from_dlpack.
//   auto const q = from_dlpack<float, batch<2>, token<dyn<"T">>, embed<512>>(dlpack_handle(managed));
//   mha(q.view())
template <class T, class... Axes>
dlpack_tensor<T, shape<Axes...>, row_major<shape<Axes...>>> from_dlpack(dlpack_handle handle) {
  auto const view = detail::view_of_dlpack<T, shape<Axes...>, row_major<shape<Axes...>>>(handle->dl_tensor);
  return {std::move(handle), view};
}
// The same with any strides, such as of a transposed tensor. They reach BLIS as they are.
template <class T, class... Axes>
dlpack_tensor<T, shape<Axes...>, strided<shape<Axes...>>> from_dlpack_strided(dlpack_handle handle) {
  auto const view = detail::view_of_dlpack<T, shape<Axes...>, strided<shape<Axes...>>>(handle->dl_tensor);
  return {std::move(handle), view};
}

}  // namespace conform

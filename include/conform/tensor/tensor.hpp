// SPDX-License-Identifier: BSL-1.0
// Defines the owners: `tensor` (heap), `inplace_tensor` (in the object), and what a view operation makes of a temporary one.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <conform/shape/agree.hpp>
#include <conform/shape/fused.hpp>
#include <conform/shape/mapping.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/diagnose/element_types.hpp>
#include <conform/tensor/concepts.hpp>
#include <conform/tensor/given.hpp>
#include <conform/tensor/nested_list.hpp>
#include <conform/tensor/owner.hpp>
#include <conform/tensor/storage.hpp>
#include <conform/tensor/storage_type.hpp>
#include <conform/tensor/view.hpp>

namespace conform {

// Asks for memory that is not zeroed, for code that writes every element before it reads one; or for zeros.
struct unwritten_t {};
inline constexpr unwritten_t unwritten{};
struct zeros_t {};
inline constexpr zeros_t zeros{};

namespace detail {

// How many elements a Range has, where its type says so.
template <class Range>
constexpr std::size_t span_extent() {
  if constexpr (requires(Range const& values) { std::span(values); })
    return decltype(std::span(std::declval<Range const&>()))::extent;
  else
    return std::dynamic_extent;
}

template <class X, class Self>
concept other_than = is_tensor<X> && !__is_base_of(Self, std::remove_reference_t<X>);

// Has an owner no constructor for these? (Those for implementers are asked first: it costs least to compile.)
template <class Made, class First, class... Rest>
concept no_owner_of = !__is_same(First, unwritten_t) && !__is_same(First, zeros_t) &&
                      !__is_same(First, typename Made::storage_type) && (sizeof...(Rest) != 0 || !is_tensor<First>) &&
                      !__is_constructible(Made, First const&, Rest const&...);

// Is X a temporary owner whose memory an owner with these axes can go on with?
template <class Storage, class Axes, class X>
inline constexpr bool can_take = [] {
  if constexpr (is_expiring_owner<X>)
    return std::is_same_v<typename std::remove_cvref_t<X>::storage_type, Storage> && forgets<shape_t<X>, Axes> &&
           std::is_same_v<layout_t<X>, row_major<Axes>>;
  else
    return false;
}();

// What an owner is made from without a word is a temporary owner with its axes: a copy is written out.
template <class T, class Storage, class Axes, class X>
struct made_from_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if constexpr (can_take<Storage, Axes, X>) return s;
    diagnosis target;
    target << "tensor [" << Axes::list() << "]";
    s = same_axes(target.text(), Axes::list(), shape_t<X>::list(), element_types_of<T, value_t<X>>, "the target", "the source");
    if (!s.kept()) return s;
    for (std::size_t i = 0; i < Axes::rank; ++i)
      if (Axes::ids[i] != shape_t<X>::ids[i])
        return s << "C028 tensor [" << Axes::list() << "] from [" << shape_t<X>::list() << "]: the order differs, permute first";
    return s << "C028 tensor [" << Axes::list() << "] from a view or a tensor that stays: a copy is written out, tensor<...>(x)";
  }
};

// What an argument of a constructor has for elements, where it has any.
template <class X>
constexpr std::string_view elements_given() {
  if constexpr (requires(X const& x) { std::span(x); })
    return type_name<std::remove_cv_t<typename decltype(std::span(std::declval<X const&>()))::element_type>>;
  else
    return "";
}

// Of arguments that no constructor takes.
template <class T, class Shape, class... X>
constexpr diagnosis not_made_of() {
  if ((is_refused<X> || ...)) return diagnosis::said_before();
  diagnosis s;
  if constexpr (count_symbols(Shape::extents) != 0 && (std::is_integral_v<X> && ...)) {
    return binding_rule<Shape>::check();
  } else {
    std::string_view const elements[] = {elements_given<X>()...};
    s << "C046 tensor [" << Shape::list() << "]: ";
    if (!elements[0].empty() && elements[0] != type_name<T>)
      return s << "its elements are " << type_name<T> << ", and those of the values " << elements[0];
    what_is_given<X...>(s);
    if constexpr (sizeof...(X) == 1 && (std::is_arithmetic_v<X> && ...))
      return s << ", fill(x, value) writes one number everywhere";
    return s << ", a std::span, a container, nested lists or bindings make a tensor";
  }
}

// What `tensor` and `inplace_tensor` share: row-major order, and how they are made.
template <class T, class Storage, class... Axes>
class row_major_owner : public owner<T, shape<Axes...>, row_major<shape<Axes...>>, Storage> {
  using base = owner<T, shape<Axes...>, row_major<shape<Axes...>>, Storage>;
  using axes = shape<Axes...>;
  using list_type = typename nested_list<T, sizeof...(Axes)>::type;
 public:
  // Elements that are all zero. (What it says of a symbol without a value, `tensor` says: nearer to who reads it.)
  constexpr row_major_owner() : base(Storage(typename base::mapping_type().size()), {}, 0) {}
  // Run-time extents are given by bindings: `x(bind<"B">(2), bind<"T">(17))`.
  template <std::size_t First, std::size_t... Rest>
  constexpr explicit row_major_owner(binding<First> first, binding<Rest>... rest)
      : row_major_owner(bound_map(first, rest...), zeros) {
    static_assert(sizeof(demand<binding_rule<axes, First, Rest...>>()) != 0);
  }

  // The values in nested lists, one level for each axis: `x{{1, 2, 3}, {4, 5, 6}}`.
  constexpr row_major_owner(list_type values) requires(sizeof...(Axes) != 0)
      : row_major_owner(unwritten, list_extents(values)) {
    copy_list<T, 0, axes::rank>(values, this->data());
  }

  // A copy of `values`, in row-major order. Their number must be the number of elements.
  template <class Range, std::size_t... Symbols>
    requires(!is_tensor<Range> && std::is_constructible_v<std::span<T const>, Range const&>)
  constexpr explicit row_major_owner(Range const& values, binding<Symbols>... bindings)
      : row_major_owner(filled_map(values, bindings...), unwritten) {
    static_assert(sizeof(demand<values_rule<span_extent<Range>(), Symbols...>>()) != 0);
    T* to = this->data();
    for (T const& value : std::span<T const>(values)) *to++ = value;
  }

  // For implementers: extents as numbers, elements zeroed or unwritten, or memory taken from elsewhere.
  constexpr row_major_owner(zeros_t, index_array<axes> const& extents)
      : row_major_owner(row_major_mapping<axes>(extents), zeros) {}
  constexpr row_major_owner(unwritten_t, index_array<axes> const& extents)
      : row_major_owner(row_major_mapping<axes>(extents), unwritten) {}
  constexpr row_major_owner(Storage storage, typename base::mapping_type const& map, std::size_t offset)
      : base(std::move(storage), map, offset) {}

  // For the rules of how it is made.
  template <class X>
  static constexpr bool copy_from =
      forgets<shape_t<X>, axes> && (std::is_same_v<value_t<X>, T> || std::floating_point<T> || is_storage_only<T>);
  template <class X>
  using made_from = made_from_rule<T, Storage, axes, X>;

 protected:
  // The memory of a temporary owner, or a copy of the elements. (Nothing where a rule is broken, which is said elsewhere.)
  template <class X>
  static constexpr row_major_owner taken_or_copied(X&& other) {
    if constexpr (can_take<Storage, axes, X>) {
      std::size_t const first = other.storage_offset();
      typename base::mapping_type const map(other.mapping().extents(), other.mapping().strides());
      std::remove_cvref_t<X> taken(std::forward<X>(other));
      return row_major_owner(std::move(taken).release(), map, first);
    } else if constexpr (copy_from<X>) {
      row_major_owner copy(unwritten, other.mapping().extents());
      T* to = copy.data();
      for (auto const& value : other) *to++ = detail::converted<T>(value);
      return copy;
    } else {
      return row_major_owner();
    }
  }

 private:
  using map_type = typename base::mapping_type;
  // (The map in front, where no constructor that asks about its type has one.)
  constexpr row_major_owner(map_type const& map, zeros_t) : base(Storage(map.size()), map, 0) {}
  constexpr row_major_owner(map_type const& map, unwritten_t) : base(Storage::unwritten(map.size()), map, 0) {}

  template <std::size_t... Symbols>
  static constexpr map_type bound_map(binding<Symbols>... bindings) {
    if constexpr (!holds<binding_rule<axes, Symbols...>>)
      return row_major_mapping<axes>({});
    else
      return row_major_mapping<axes>(bound_extents<axes>(bindings...));
  }
  static constexpr index_array<axes> list_extents(list_type const& values) {
    index_array<axes> extents{}, wanted{};
    measure_list<axes, 0>(values, extents);
    for (std::size_t i = 0; i < axes::rank; ++i)
      wanted[i] = is_symbol(axes::extents[i]) ? extents[i] : axes::extents[i];
    check_list<axes, 0>(values, wanted);
    check_repeated_symbols<axes>(wanted);
    return wanted;
  }
  template <class Range, std::size_t... Symbols>
  static constexpr map_type filled_map(Range const& range, binding<Symbols>... bindings) {
    map_type const map = bound_map(bindings...);
    std::span<T const> const values(range);
    if (values.size() != map.size()) throw_shape_error(span_size_says(map.extents(), map.size(), values.size()));
    return map;
  }
  // Symbols have values; where the number of values is in the type, they fill the shape.
  template <std::size_t N, std::size_t... Symbols>
  struct values_rule {
    static constexpr diagnosis check() {
      diagnosis const s = binding_rule<axes, Symbols...>::check();
      if (!s.kept() || N == std::dynamic_extent || count_symbols(axes::extents) != 0) return s;
      std::size_t const wanted = static_size<axes>();
      return wanted == N ? s : span_size_says(axes::extents, wanted, N);
    }
  };
  static constexpr diagnosis span_size_says(index_array<axes> const& extents, std::size_t wanted, std::size_t given) {
    diagnosis s;
    return s << "C007 values for [" << axis_list{axes::ids.data(), extents.data(), axes::rank} << "]: " << wanted
             << " are needed and " << given << " given";
  }
};

// Can an owner be made of an X... that is written out: no copy in silence? Made is its row_major_owner.
template <class Made, class... X>
struct made_of_rule {
  static constexpr diagnosis check() {
    using axes = typename Made::shape_type;
    if constexpr (sizeof...(X) == 1 && (is_tensor<X> && ...)) {
      if constexpr ((Made::template copy_from<X> && ...))
        return diagnosis();
      else
        return (Made::template made_from<X>::check(), ...);
    } else if constexpr ((is_binding<X> && ...)) {
      return binding_rule<axes, X::symbol...>::check();
    } else if constexpr (std::is_constructible_v<Made, X...>) {
      return diagnosis();
    } else {
      return not_made_of<typename Made::value_type, axes, X...>();
    }
  }
};

template <class T, class Storage, class... Axes>
constexpr std::type_identity<row_major_owner<T, Storage, Axes...>> made_as(row_major_owner<T, Storage, Axes...> const*);

}  // namespace detail

// Owns its elements on the heap, in row-major order, zero at first, 64-byte aligned (but for a slice of a temporary, which
// keeps its place in the memory). PyTorch: torch.zeros(sizes). Once moved from it has no elements to be read.
//   tensor<float, batch<2>, token<6>> x;                                  // static extents
//   tensor<float, batch<2>, token<dyn<"T">>> y(bind<"T">(17));            // a symbol, and its value
//   tensor<float, token<2>, embed<3>> z{{1, 2, 3}, {4, 5, 6}};            // nested lists, sizes checked
// Refuses: what does not make one, such as a pointer (C046). Throws shape_error where values do not fill the shape,
// std::bad_alloc.
template <class T, class... Axes>
class tensor : public detail::row_major_owner<T, heap_storage<T>, Axes...> {
  using made = detail::row_major_owner<T, heap_storage<T>, Axes...>;

 public:
  using detail::row_major_owner<T, heap_storage<T>, Axes...>::row_major_owner;
  constexpr tensor() {
    if constexpr (detail::count_symbols(shape<Axes...>::extents) != 0)
      static_assert(sizeof(demand<binding_rule<shape<Axes...>>>()) != 0);
  }
  // A copy of the elements of another tensor or view of the same shape, whatever its layout. What the other's axes were made
  // of is forgotten where this one's are plain; a temporary owner gives its memory then, without a word:
  // `tensor<float, token<6>, embed<512>> y = merge<...>(...);` (Not in the base: g++ 12 takes inherited constructors for
  // implicit ones.)
  template <detail::other_than<tensor> X>
    requires made::template copy_from<X>
  constexpr explicit(!holds<typename made::template made_from<X>>) tensor(X&& other)
      : made(made::taken_or_copied(std::forward<X>(other))) {}
  // Without a word from anything else: it is said. (Not constexpr: clang would instantiate it where a std::variant only asks.)
  template <detail::other_than<tensor> X>
  tensor(X&&) : made(zeros, {}) {
    static_assert(sizeof(demand<typename made::template made_from<X>>()) != 0);
  }
  // Of anything else: it is said what makes one (C046).
  template <class First, class... Rest>
    requires detail::no_owner_of<made, First, Rest...>
  constexpr explicit tensor(First const&, Rest const&...) : made(zeros, {}) {
    static_assert(sizeof(demand<detail::made_of_rule<made, First, Rest...>>()) != 0);
  }
  // Refused (C003).
  template <class Number>
    requires std::is_arithmetic_v<Number>
  constexpr tensor& operator=(Number) {
    static_assert(sizeof(demand<assigned_number_rule<Number>>()) != 0);
    return *this;
  }
};

// Elements are plain numbers, and the axes make a shape.
template <class T, class... Axes>
struct owner_rule {
  static constexpr diagnosis check() {
    diagnosis s = shape_rule<Axes...>::check();
    if (s.kept() && !is_element<T>) detail::no_element<T>(s, "tensor");
    return s;
  }
};

// A tensor that cannot be: what follows from it is not reported as well.
template <class T, class... Axes>
  requires(!is_element<T> || !detail::is_shape_of_axes<Axes...>())
class tensor<T, Axes...> : public refused {
  static_assert(sizeof(demand<owner_rule<T, Axes...>>()) != 0);

 public:
  template <class... Anything>
  constexpr tensor(Anything const&...) {}
};

// Owns its elements inside the object: no heap, usable as a constant, a word larger than its elements. Static
// extents only (C033).
template <class T, class... Axes>
class inplace_tensor
    : public detail::row_major_owner<T, inplace_storage<T, detail::static_size<shape<Axes...>>()>, Axes...> {
  using made = detail::row_major_owner<T, inplace_storage<T, detail::static_size<shape<Axes...>>()>, Axes...>;

 public:
  using detail::row_major_owner<T, inplace_storage<T, detail::static_size<shape<Axes...>>()>,
                                Axes...>::row_major_owner;
  constexpr inplace_tensor() = default;
  template <detail::other_than<inplace_tensor> X>
    requires made::template copy_from<X>
  constexpr explicit(!holds<typename made::template made_from<X>>) inplace_tensor(X&& other)
      : made(made::taken_or_copied(std::forward<X>(other))) {}
  template <detail::other_than<inplace_tensor> X>
  inplace_tensor(X&&) : made(zeros, {}) {
    static_assert(sizeof(demand<typename made::template made_from<X>>()) != 0);
  }
  // Of anything else: it is said what makes one (C046).
  template <class First, class... Rest>
    requires detail::no_owner_of<made, First, Rest...>
  constexpr explicit inplace_tensor(First const&, Rest const&...) : made(zeros, {}) {
    static_assert(sizeof(demand<detail::made_of_rule<made, First, Rest...>>()) != 0);
  }
  // Refused (C003).
  template <class Number>
    requires std::is_arithmetic_v<Number>
  constexpr inplace_tensor& operator=(Number) {
    static_assert(sizeof(demand<assigned_number_rule<Number>>()) != 0);
    return *this;
  }
};

namespace detail {
template <class... Axes>
constexpr bool has_symbol() {
  if constexpr ((axis_type<Axes> && ...))
    return (is_symbol(Axes::extent) || ...);
  else
    return false;
}
}  // namespace detail

// As for `tensor`, and all extents are numbers.
template <class T, class... Axes>
struct inplace_rule {
  static constexpr diagnosis check() {
    diagnosis s = owner_rule<T, Axes...>::check();
    if constexpr (detail::has_symbol<Axes...>()) {
      if (s.kept())
        s << "C033 inplace_tensor [" << detail::axis_arrays<Axes...>::list() << "]: the object has room for numbers of elements"
          << " only, tensor<...> keeps any";
    }
    return s;
  }
};

template <class T, class... Axes>
inline constexpr bool can_be_in_place = holds<inplace_rule<T, Axes...>>;

// An inplace_tensor that cannot be.
template <class T, class... Axes>
  requires(!is_element<T> || !detail::is_shape_of_axes<Axes...>() || detail::has_symbol<Axes...>())
class inplace_tensor<T, Axes...> : public refused {
  static_assert(sizeof(demand<inplace_rule<T, Axes...>>()) != 0);

 public:
  template <class... Anything>
  constexpr inplace_tensor(Anything const&...) {}
};

// Can a tensor be made of these: can_make<tensor<float, token<6>>, std::vector<double>> is false.
template <class Tensor, class... X>
inline constexpr bool can_make = holds<
    detail::made_of_rule<typename decltype(detail::made_as(static_cast<Tensor*>(nullptr)))::type, std::remove_cvref_t<X>...>>;

// Owns memory in another order than its axes: what transposing a temporary gives.
template <class T, shape_type Shape, class Layout, class Storage = heap_storage<T>>
class strided_tensor : public detail::owner<T, Shape, Layout, Storage> {
  using base = detail::owner<T, Shape, Layout, Storage>;

 public:
  constexpr strided_tensor(Storage storage, typename base::mapping_type const& map, std::size_t offset)
      : base(std::move(storage), map, offset) {}
};

namespace detail {

template <class T, class Shape, class Layout, class Storage>
struct owner_of {
  using type = strided_tensor<T, Shape, Layout, Storage>;
};
template <class T, class... Axes>
struct owner_of<T, shape<Axes...>, row_major<shape<Axes...>>, heap_storage<T>> {
  using type = tensor<T, Axes...>;
};
template <class T, class... Axes, std::size_t N>
  requires(N == static_size<shape<Axes...>>())
struct owner_of<T, shape<Axes...>, row_major<shape<Axes...>>, inplace_storage<T, N>> {
  using type = inplace_tensor<T, Axes...>;
};

// `tensor<T, Axes...>` of a shape.
template <class T, class Shape>
using tensor_with = typename owner_of<T, Shape, row_major<Shape>, heap_storage<T>>::type;

}  // namespace detail

// `tensor<T, Axes...>` of a shape whose elements are written anew.
template <class T, shape_type Shape>
using tensor_of = detail::tensor_with<T, detail::written_shape<Shape>>;

}  // namespace conform

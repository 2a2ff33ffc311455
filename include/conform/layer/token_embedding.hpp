// SPDX-License-Identifier: BSL-1.0
// Defines `token_embedding`: a learned row for each id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include <conform/layer/call.hpp>
#include <conform/layer/into.hpp>
#include <conform/layer/parameters.hpp>
#include <conform/layer/planned.hpp>
#include <conform/op/lookup.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

// `lookup` and its rule along an axis whose extent is known.
template <class Axis>
struct lookup_along;
template <template <std::size_t> class Name, std::size_t N>
struct lookup_along<Name<N>> {
  template <class Table, class Ids>
  using rule = lookup_rule<Name, Table, Ids>;
  template <class Table, class Ids>
  static constexpr auto call(Table const& table, Ids const& ids) {
    return lookup<Name>(table, ids);
  }
};

}  // namespace detail

// The ids are integers, and have no axis of the rows.
template <class T, axis_type Vocab, axis_type Out, class Ids>
struct token_embedding_rule {
  static constexpr diagnosis check() {
    using rows = detail::lookup_along<plain_axis<Vocab>>;
    return within("token_embedding", rows::template rule<tensor<T, Vocab, Out>, Ids>::check());
  }
};

// The row of each id: [...] -> [..., Out], a copy. Ids outside the table throw std::out_of_range.
//   T      float or double; or stored only, such as bfloat16
//   Vocab  how many ids there are, such as vocab<8000>;  Out  the width of a token
//   weight [Vocab, Out]
//   ids    integers, usually [batch, token]
// Refuses as lookup: ids that are not integers (C018), an axis of the table (C013). PyTorch: nn.Embedding.
// Vaswani et al., 2017, section 3.4, multiply by the root of the width: scaled(embedding(ids), std::sqrt(512.f)). Where the
// table gives the logits too: contract<embed>(y, embedding.weight).
//   token_embedding<float, vocab<8000>, embed<512>>{}(ids)   // [batch<2>, token<6>] -> tensor<float, batch<2>, token<6>, embed<512>>
template <class T, class Vocab, class Out = detail::left_out>
struct token_embedding {
  using weight_type = tensor<T, Vocab, Out>;
  BOOST_HANA_DEFINE_STRUCT(token_embedding, (weight_type, weight));

  template <class Ids>
  using rule = token_embedding_rule<T, Vocab, Out, Ids>;

  // Can this layer be called with Ids?
  template <class Ids>
  static constexpr bool accepts = holds<rule<std::remove_cvref_t<Ids>>>;

  template <tensor_like Ids>
  constexpr auto operator()(Ids const& ids) const {
    if constexpr (!holds<rule<Ids>>)
      return refuse<rule<Ids>>();
    else
      return detail::lookup_along<plain_axis<Vocab>>::call(weight, ids);
  }

  // No tensor, or more than one: it is said.
  template <class... X>
  auto operator()(X const&...) const {
    return refuse<layer_call_rule<"token_embedding", "a tensor of ids", X...>>();
  }
  template <class Id>
  auto operator()(std::initializer_list<Id>) const {
    return refuse<layer_call_rule<"token_embedding", "a tensor of ids", std::initializer_list<Id>>>();
  }

  // The call written to `target`, which has the axes of its result: see layer/into.hpp.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    using into_rule = layer_into_rule<"token_embedding", token_embedding, std::remove_reference_t<Target>, Arguments...>;
    if constexpr (!holds<into_rule>)
      return refuse<into_rule>();
    else
      detail::call_into<"token_embedding">(*this, target, arguments...);
  }

  // What it allocates, in its order: see memory_plan.
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& ids) {
    detail::planned_tensor to = ids.like({});
    to.ids[to.rank] = id_of_type<Out>;
    to.extents[to.rank++] = Out::extent;
    to.memory = detail::memory_plan::block(plan, to.size() * sizeof(T));
    return to;
  }

  // With variance 1, as nn.Embedding starts; uniform in ±√3, where that is normal.
  void initialise(std::uint64_t seed) { fill_uniform(weight, seed, 1.7320508075688772); }
};

template <class T, class Vocab, class Out>
  requires(!holds<layer_parameters_rule<"token_embedding", T, Vocab, Out>>)
struct token_embedding<T, Vocab, Out> : refused_layer {
  static_assert(sizeof(demand<layer_parameters_rule<"token_embedding", T, Vocab, Out>>()) != 0);
  using refused_layer::refused_layer;
};

}  // namespace conform

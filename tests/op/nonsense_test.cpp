// SPDX-License-Identifier: BSL-1.0
// Asked about what is no tensor, every predicate is false; none is an error. The same of what was refused before.
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <conform/op/op.hpp>
#include <conform/tensor/extents.hpp>

#include "modes.hpp"

using namespace test;

namespace {

struct looks_like_one {  // has the names, is none
  using shape_type = shape<token<6>>;
  using value_type = float;
  float* data() const;
};

template <class X>
constexpr bool is_refused_everywhere =
    !can_split<embed, X, head<2>, head_dim<3>> && !can_merge<embed, X, head, head_dim> &&
    !can_merge_into<embed<6>, X, head> && !can_permute<X, token> && !can_permute<X> && !can_transpose<token, head, X> &&
    !can_rename<token, key, X> && !can_slice<token, 0, 1, X> && !can_slice_to<token<1>, X> && !can_select<token, X> &&
    !can_chunk<token, 2, X> && !can_view<X, token<6>> && !can_view<X> && !can_be_as<token<6>, X> &&
    !can_copy_into<X, X> && !can_copy_into<known, X> && !can_copy_into<X, known> && !can_compare<X, X> &&
    !can_compare<known, X> && !can_concat<token, X> && !can_concat<token, known, X> && !can_concat<token, X, known> &&
    !can_stack<key, X> && !can_stack<key, known, X> && !can_matmul<token, X, X> && !can_matmul<token, known, X> &&
    !can_matmul<token, X, known> && !can_contract<X, X> && !can_contract<known, X, token> &&
    !can_contract<X, known, token> && !can_combine<X, X> && !can_combine<known, X> && !can_combine<X, known> &&
    !can_scale<X, float> && !can_softmax<token, X> && !can_reduce<token, X> && !can_max<token, X> &&
    !can_mean<token, X> && !can_norm<token, X> && !can_norm<token, X, X> && !can_norm<token, known, X> &&
    !can_gelu<X> && !can_lookup<token, X, X> && !can_lookup<token, known, X> &&
    !can_lookup<token, X, tensor<int, key<2>>> && !with_axis<X, token>;

static_assert(is_refused_everywhere<int> && is_refused_everywhere<float const&> && is_refused_everywhere<void>);
static_assert(is_refused_everywhere<known*> && is_refused_everywhere<known[2]> &&
              is_refused_everywhere<std::nullptr_t>);
static_assert(is_refused_everywhere<std::vector<float>> && is_refused_everywhere<std::string> &&
              is_refused_everywhere<std::unique_ptr<known>>);
static_assert(is_refused_everywhere<shape<token<6>>> && is_refused_everywhere<token<6>> &&
              is_refused_everywhere<looks_like_one>);
static_assert(is_refused_everywhere<void()> && is_refused_everywhere<int (&)(int)> &&
              is_refused_everywhere<int known::*>);
static_assert(is_refused_everywhere<refused>);

// A tensor is one however it is held, and then they answer about it.
template <class X>
constexpr bool is_accepted =
    can_transpose<token, head, X>&& can_matmul<head_dim, X, tensor<float, head<4>, batch<2>, head_dim<3>, key<5>>>&&
        can_softmax<token, X>&& can_combine<X, known>&& can_select<token, X>&& with_axis<X, token>;
static_assert(is_accepted<known> && is_accepted<known&> && is_accepted<known const&> && is_accepted<known&&> &&
              is_accepted<known const>);
static_assert(is_accepted<view_type<known>> && is_accepted<view_type<known const> const&>);
static_assert(is_accepted<inplace_tensor<float, batch<2>, token<6>, head<4>, head_dim<3>>>);

// A user's own class that is an owner is one too.
struct weights : known {
  using known::known;
};
static_assert(is_accepted<weights> && is_accepted<weights&>);

// The rule of a refusal says so once, and of what was refused before nothing.
static_assert(said<transpose_rule<token, head, int>>.text() == "C003 transpose: an argument is not a tensor");
static_assert(said<matmul_rule<head_dim, known, int>>.text() == "C003 matmul: an argument is not a tensor");
static_assert(said<transpose_rule<token, head, refused>>.silent() &&
              said<transpose_rule<token, head, refused>>.text().empty());
static_assert(said<matmul_rule<head_dim, known, refused>>.silent() &&
              said<concat_rule<token, refused, known>>.silent());

}  // namespace

BOOST_AUTO_TEST_CASE(a_class_that_is_a_tensor_is_used_as_one) {
  weights x;
  x(1, 2, 3, 0) = 7;
  BOOST_TEST((transpose<token, head>(x)(1, 3, 2, 0) == 7));
  BOOST_TEST((x + x)(1, 2, 3, 0) == 14);
}

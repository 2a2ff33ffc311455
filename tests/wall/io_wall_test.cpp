// SPDX-License-Identifier: BSL-1.0
// The wall of weights in files: what a manifest has, and which layers load from it. (The extents of parameters and of a manifest
// are numbers: there is one mode.)
#include <boost/test/unit_test.hpp>

#include <conform/conform.hpp>
#include <conform/io/manifest.hpp>

using namespace conform;

namespace {

template <std::size_t In, std::size_t Out>
using layer = linear<float, embed<In>, hidden<Out>>;
template <std::size_t In, std::size_t Out>
using bare = linear<float, embed<In>, hidden<Out>, without_bias>;

constexpr weight_manifest<2> plain{{{{"bias", dtype::f32, 1, {3}}, {"weight", dtype::f32, 2, {3, 2}}}}};
constexpr weight_manifest<2> square{{{{"bias", dtype::f32, 1, {2}}, {"weight", dtype::f32, 2, {2, 2}}}}};
constexpr weight_manifest<2> half{{{{"bias", dtype::f16, 1, {3}}, {"weight", dtype::bf16, 2, {3, 2}}}}};
constexpr weight_manifest<2> wide{{{{"bias", dtype::f64, 1, {3}}, {"weight", dtype::f64, 2, {3, 2}}}}};
constexpr weight_manifest<1> vector{{{{"weight", dtype::f32, 1, {6}}}}};
constexpr weight_manifest<0> empty{};
constexpr weight_names by_inputs{weight_name("weight", "weight", in_by_out), weight_name("bias", "bias")};
constexpr weight_names undeclared{weight_name("weight", "weight"), weight_name("bias", "bias")};
constexpr weight_names without{weight_name("weight", "weight", out_by_in), not_loaded("bias")};
constexpr weight_names unknown{weight_name("weight", "weight", out_by_in)};
constexpr weight_names no_such_part{weight_name("weight", "weight", out_by_in).part(1, 1), weight_name("bias", "bias")};

static_assert( can_load_manifest<layer<2, 3>, plain, torch_linear>);    // a row for each output
static_assert(!can_load_manifest<layer<3, 2>, square, torch_linear>);   // C043 another width
static_assert( can_load_manifest<layer<2, 2>, square, torch_linear>);   // either order
static_assert( can_load_manifest<layer<2, 2>, square, by_inputs>);      // either order
static_assert(!can_load_manifest<layer<2, 2>, square, undeclared>);     // C043 which order?
static_assert(!can_load_manifest<layer<2, 3>, plain, by_inputs>);       // C043 the other order
static_assert(!can_load_manifest<layer<2, 4>, plain, torch_linear>);    // C043 another extent
static_assert(!can_load_manifest<layer<2, 3>, empty, torch_linear>);    // C043 missing
static_assert(!can_load_manifest<layer<2, 3>, plain, unknown>);         // C043 no name for the bias
static_assert(!can_load_manifest<bare<2, 3>, plain, torch_linear>);     // C043 extra
static_assert( can_load_manifest<bare<2, 3>, plain, without>);          // left out
static_assert(!can_load_manifest<bare<2, 3>, vector, torch_linear>);    // C043 no matrix
static_assert(!can_load_manifest<layer<2, 3>, plain, no_such_part>);    // C043 part 1 of 1
static_assert(!can_load_manifest<layer<2, 3>, half, torch_linear>);     // C043 narrower
static_assert( can_widen_manifest<layer<2, 3>, half, torch_linear>);    // and that is said
static_assert(!can_widen_manifest<layer<2, 3>, wide, torch_linear>);    // C043 wider
static_assert(!can_load_manifest<tensor<float, embed<3>>, plain, torch_linear>);  // C003 no layer

}  // namespace

BOOST_AUTO_TEST_CASE(the_wall_compiled) { BOOST_TEST(true); }

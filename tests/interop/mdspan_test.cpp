// SPDX-License-Identifier: BSL-1.0
// mdspan both ways: static extents kept, strides as they are, and an extent that contradicts is an error, not a relabelling.
// No Boost.Test: its library is that of libstdc++, which has no std::mdspan, and this is compiled with libc++ where that is there.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <type_traits>

#if defined(CONFORM_TEST_KOKKOS)
#include <mdspan/mdspan.hpp>
#endif

#include <conform/conform.hpp>
#include <conform/tensor/mdspan.hpp>

#if defined(CONFORM_TEST_KOKKOS)
namespace md = MDSPAN_IMPL_STANDARD_NAMESPACE;
#define TO_MDSPAN conform::to_kokkos_mdspan
#else
namespace md = std;
#define TO_MDSPAN conform::to_mdspan
#endif

using namespace conform;

#define CHECK(...) \
  if (!(__VA_ARGS__)) std::printf("line %d: %s\n", __LINE__, #__VA_ARGS__), std::exit(1)

template <class F>
std::string refusal(F&& f) {
  try {
    f();
  } catch (shape_error const& error) {
    return error.what();
  }
  return "nothing was refused";
}

int main() {
  constexpr std::size_t any = std::dynamic_extent;
  std::array<float, 6> values{0, 1, 2, 3, 4, 5};

  // From an mdspan.
  md::mdspan<float, md::extents<int, 2, any>> const rows(values.data(), 3);
  auto const x = from_mdspan<token<2>, embed<dyn<"E">>>(rows);
  static_assert(std::is_same_v<decltype(x), tensor_view<float, shape<token<2>, embed<dyn<"E">>>> const>);
  CHECK(x(1, 0) == 3 && x.extent(1) == 3 && x.data() == values.data());
  CHECK((from_mdspan<token<2>, embed<3>>(rows))(1, 2) == 5);
  CHECK(refusal([&] { from_mdspan<token<2>, embed<4>>(rows); }) ==
        "C008 from_mdspan [token=2, embed=4]: the extent of embed is 3, not 4");
  static_assert(can_name_mdspan<shape<token<2>, embed<4>>, decltype(rows)>);
  static_assert(!can_name_mdspan<shape<token<3>, embed<3>>, decltype(rows)>);  // static extents that contradict
  static_assert(!can_name_mdspan<shape<token<2>>, decltype(rows)>);
  md::mdspan<float const, md::extents<int, 2, 3>, md::layout_left> const columns(values.data());
  auto const y = from_mdspan<token<2>, embed<3>>(columns);
  static_assert(std::is_same_v<decltype(y), tensor_view<float const, shape<token<2>, embed<3>>, layout<1, 2>> const>);
  CHECK(y(1, 0) == 1 && y(0, 2) == 4);
  using some = md::extents<std::size_t, any, 2>;
  md::mdspan<float, some, md::layout_stride> const every_other(
      values.data() + 1, md::layout_stride::mapping<some>(some(2), std::array<std::size_t, 2>{2, 1}));
  auto const z = from_mdspan<token<dyn<"T">>, embed<2>>(every_other);
  CHECK(z(1, 1) == 4 && z.stride(0) == 2);

  // To one.
  tensor<float, token<dyn<"T">>, embed<3>> owner(bind<"T">(2));
  owner(1, 2) = 9;
  auto const right = TO_MDSPAN(owner);
  static_assert(std::is_same_v<decltype(right), md::mdspan<float, md::extents<std::size_t, any, 3>> const>);
  CHECK(right.extent(0) == 2 && right.data_handle() == owner.data() && right.data_handle()[right.mapping()(1, 2)] == 9);
  auto const turned = TO_MDSPAN(permute<embed, token>(owner));
  static_assert(decltype(turned)::static_extent(0) == 3 && std::is_same_v<decltype(turned)::layout_type, md::layout_stride>);
  CHECK(turned.data_handle()[turned.mapping()(2, 1)] == 9);
  auto const back = from_mdspan<embed<3>, token<dyn<"T">>>(turned);
  CHECK(back(2, 1) == 9);
  auto const& constant = owner;
  static_assert(std::is_same_v<decltype(TO_MDSPAN(constant))::element_type, float const>);
  std::puts("mdspan: passed");
}

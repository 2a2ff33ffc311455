// SPDX-License-Identifier: BSL-1.0
// DLPack both ways: extents, strides and types kept, deleters called once, and what contradicts the axes refused.
#include <string>
#include <type_traits>
#include <utility>

#include <boost/test/unit_test.hpp>

#include <conform/conform.hpp>
#include <conform/interop/dlpack.hpp>

using namespace conform;

namespace {

// A tensor as another library gives it.
struct foreign {
  float values[6] = {0, 1, 2, 3, 4, 5};
  std::int64_t extents[3] = {2, 3, 1}, strides[3] = {3, 1, 1};
  int deleted = 0;
  DLManagedTensor managed{};

  foreign() {
    managed.dl_tensor = {values, {kDLCPU, 0}, 2, {kDLFloat, 32, 1}, extents, strides, 0};
    managed.manager_ctx = this;
    managed.deleter = [](DLManagedTensor* self) { ++static_cast<foreign*>(self->manager_ctx)->deleted; };
  }
  dlpack_handle handle() { return dlpack_handle(&managed); }
};

template <class F>
std::string refusal(F&& f) {
  try {
    f();
  } catch (shape_error const& error) {
    return error.what();
  }
  return "nothing was refused";
}

std::string taken(foreign& f) {
  return refusal([&] { from_dlpack<float, token<2>, embed<dyn<"E">>>(f.handle()); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_tensor_of_others_gets_axes_and_no_copy) {
  foreign f;
  {
    auto const x = from_dlpack<float, token<2>, embed<dyn<"E">>>(f.handle());
    static_assert(std::is_same_v<std::remove_cvref_t<decltype(x.view())>, tensor_view<float, shape<token<2>, embed<dyn<"E">>>>>);
    BOOST_TEST(x.view()(1, 2) == 5);
    BOOST_TEST(x.view().data() == f.values);
    BOOST_TEST(x.view().extent(1) == 3u);
    BOOST_TEST(f.deleted == 0);
  }
  BOOST_TEST(f.deleted == 1);
  f.managed.dl_tensor.strides = nullptr;  // compact
  auto const compact = from_dlpack<float const, token<2>, embed<3>>(f.handle());
  BOOST_TEST(compact.view()(1, 0) == 3);
}

BOOST_AUTO_TEST_CASE(strides_are_kept_where_they_are_asked_for) {
  foreign f;
  std::swap(f.extents[0], f.extents[1]);
  std::swap(f.strides[0], f.strides[1]);
  BOOST_TEST(refusal([&] { from_dlpack<float, embed<3>, token<2>>(f.handle()); }) ==
             "C028 from_dlpack [embed=3, token=2]: the stride of embed is 1, not 2");
  auto const x = from_dlpack_strided<float, embed<3>, token<2>>(f.handle());
  BOOST_TEST(x.view()(2, 1) == 5);
  BOOST_TEST(max_abs_difference(matmul<embed>(permute<token, embed>(x.view()), tensor<float, embed<3>, hidden<1>>{{1}, {1}, {1}}),
                                tensor<float, token<2>, hidden<1>>{{3}, {12}}) == 0);
}

BOOST_AUTO_TEST_CASE(what_contradicts_is_refused_and_deleted) {
  foreign f;
  f.extents[0] = 3;
  BOOST_TEST(taken(f) == "C008 from_dlpack [token=2, embed=E]: the extent of token is 3, not 2");
  f.extents[0] = 2;
  f.managed.dl_tensor.ndim = 3;
  BOOST_TEST(taken(f) == "C007 from_dlpack [token=2, embed=E]: there are 3 extents for 2 axes");
  f.managed.dl_tensor.ndim = 2;
  f.managed.dl_tensor.dtype.bits = 64;
  BOOST_TEST(taken(f) == "C018 from_dlpack [token=2, embed=E]: the elements are of code 2 with 64 bits in 1 lane, and float is asked for");
  f.managed.dl_tensor.dtype.bits = 32;
  f.managed.dl_tensor.device.device_type = kDLCUDA;
  BOOST_TEST(taken(f) == "C018 from_dlpack [token=2, embed=E]: the elements lie on device 2, not in memory");
  f.managed.dl_tensor.device.device_type = kDLCPU;
  f.strides[1] = -1;
  BOOST_TEST(taken(f) == "C028 from_dlpack [token=2, embed=E]: embed has a negative extent or stride");
  f.strides[1] = 1;
  f.managed.dl_tensor.byte_offset = 2;
  BOOST_TEST(taken(f) == "C028 from_dlpack [token=2, embed=E]: the elements do not lie at a multiple of 4 bytes");
  f.managed.dl_tensor.byte_offset = 0;
  f.managed.dl_tensor.data = nullptr;
  BOOST_TEST(taken(f) == "C028 from_dlpack [token=2, embed=E]: there are no elements");
  f.managed.dl_tensor.data = f.values;
  f.strides[0] = std::int64_t{1} << 62;
  BOOST_TEST(refusal([&] { from_dlpack_strided<float, token<2>, embed<3>>(f.handle()); }) ==
             "C002 from_dlpack [token=2, embed=3]: strides that leave memory");
  BOOST_TEST(f.deleted == 8);
}

BOOST_AUTO_TEST_CASE(an_owner_goes_along) {
  tensor<float, token<2>, embed<3>> x{{1, 2, 3}, {4, 5, 6}};
  float const* const place = x.data();
  dlpack_handle const handle = to_dlpack(std::move(x));
  DLTensor const& t = handle->dl_tensor;
  BOOST_TEST(t.data == place);
  BOOST_TEST(t.ndim == 2);
  BOOST_TEST(t.shape[1] == 3);
  BOOST_TEST(t.strides[0] == 3);
  BOOST_TEST(t.dtype.code == kDLFloat);
  BOOST_TEST(t.dtype.bits == 32);
  static_assert(can_give_dlpack<tensor<float, token<2>>> && !can_give_dlpack<tensor<float, token<2>>&>);
}

BOOST_AUTO_TEST_CASE(there_and_back) {
  tensor<std::int32_t, token<2>, embed<3>> x{{1, 2, 3}, {4, 5, 6}};
  auto const back = from_dlpack_strided<std::int32_t, embed<3>, token<dyn<"T">>>(to_dlpack(permute<embed, token>(x)));
  BOOST_TEST(back.view()(2, 0) == 3);
  BOOST_TEST(back.view().data() == x.data());
}

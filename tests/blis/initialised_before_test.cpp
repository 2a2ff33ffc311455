// SPDX-License-Identifier: BSL-1.0
// BLIS reads its configuration once. Where other code was there first, Conform says so, and still multiplies.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <string_view>

#include <conform/blis/configuration.hpp>
#include <conform/blis/gemm.hpp>

BOOST_AUTO_TEST_CASE(blis_initialised_by_other_code) {
  using namespace conform::blis;
  bli_init();
  const std::string_view before = bli_arch_string(bli_arch_query_id());
  const choice wanted =
      choose(this_processor(), kernels_of_this_blis(), bli_info_get_version_str(), std::getenv("BLIS_ARCH_TYPE"));

  BOOST_TEST(configuration().name == before);
  const bool too_late = wanted.configuration && bli_arch_string(*wanted.configuration) != before;
  BOOST_TEST((configuration().reason.find("Other code initialised BLIS") == 0) == too_late);
  BOOST_TEST((configuration().reason == wanted.reason) == !too_late);

  const float a[] = {1, 2}, b[] = {3, 4};
  float c = 0;
  gemm(1, 1, 2, 1, a, 2, 1, b, 1, 1, 0, &c, 1, 1);
  BOOST_TEST(c == 11.f);
}

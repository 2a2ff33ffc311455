// SPDX-License-Identifier: BSL-1.0
// Which kernels BLIS gets, on processors that are not here, and on the one that is.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>

#include <conform/blis/choice.hpp>
#include <conform/blis/configuration.hpp>
#include <conform/blis/processor.hpp>

namespace {

using namespace conform::blis;
using maker = processor::maker;

constexpr kernels debian{.skx = true, .haswell = true, .zen3 = true, .newer_amd = false};
constexpr std::optional<arch_t> blis_decides{};

enum class vectors { none, avx2, avx512 };

constexpr processor made_up(maker by, unsigned family, unsigned model, vectors has, std::string_view brand = "") {
  processor p;
  p.made_by = by;
  p.family = family;
  p.model = model;
  p.avx2_and_fma = has != vectors::none;
  p.avx512 = has == vectors::avx512;
  std::ranges::copy(brand, p.brand.begin());
  return p;
}

constexpr auto chosen(const processor& p, kernels built = debian, std::string_view version = "0.9.0",
                      const char* user = nullptr) {
  return choose(p, built, version, user).configuration;
}

constexpr processor zen2 = made_up(maker::amd, 0x17, 0x31, vectors::avx2, "AMD EPYC 7R32");
constexpr processor zen3 = made_up(maker::amd, 0x19, 0x01, vectors::avx2, "AMD EPYC 7R13 Processor");
constexpr processor zen4 = made_up(maker::amd, 0x19, 0x11, vectors::avx512, "AMD EPYC 9R14");
constexpr processor zen5 = made_up(maker::amd, 0x1A, 0x02, vectors::avx512, "AMD EPYC 9R45");
constexpr processor zen5_behind_a_veil = made_up(maker::amd, 0x1A, 0x02, vectors::avx2, "AMD EPYC");
constexpr processor bulldozer = made_up(maker::amd, 0x15, 0x01, vectors::none, "AMD FX-8150");
constexpr processor haswell =
    made_up(maker::intel, 6, 0x3F, vectors::avx2, "Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz");
constexpr processor skylake_platinum =
    made_up(maker::intel, 6, 0x55, vectors::avx512, "Intel(R) Xeon(R) Platinum 8175M CPU @ 2.50GHz");
constexpr processor skylake_silver =
    made_up(maker::intel, 6, 0x55, vectors::avx512, "Intel(R) Xeon(R) Silver 4114 CPU @ 2.20GHz");
constexpr processor skylake_cloud = made_up(maker::intel, 6, 0x55, vectors::avx512, "Intel(R) Xeon(R) CPU @ 2.00GHz");
constexpr processor ice_lake_gold =
    made_up(maker::intel, 6, 0x6A, vectors::avx512, "Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz");
constexpr processor emerald_rapids =
    made_up(maker::intel, 6, 0xCF, vectors::avx512, "INTEL(R) XEON(R) PLATINUM 8581C CPU @ 2.10GHz");
constexpr processor hidden_xeon = made_up(maker::intel, 6, 0xA7, vectors::avx512, "Intel(R) Xeon(R) Processor");
constexpr processor tiger_lake =
    made_up(maker::intel, 6, 0x8C, vectors::avx512, "11th Gen Intel(R) Core(TM) i7-1185G7 @ 3.00GHz");
constexpr processor hygon = made_up(maker::other, 0x18, 0x00, vectors::avx2, "Hygon C86 7185 32-core Processor");
constexpr processor zhaoxin = made_up(maker::other, 7, 0x5B, vectors::avx512, "ZHAOXIN");
constexpr processor arm{};

}  // namespace

BOOST_AUTO_TEST_SUITE(configuration)

BOOST_AUTO_TEST_CASE(processors_newer_than_blis_get_kernels_they_can_run) {
  BOOST_TEST((chosen(zen4) == BLIS_ARCH_SKX));
  BOOST_TEST((chosen(zen5) == BLIS_ARCH_SKX));
  BOOST_TEST((chosen(zen5_behind_a_veil) == BLIS_ARCH_ZEN3));
  BOOST_TEST((chosen(skylake_cloud) == BLIS_ARCH_SKX));
  BOOST_TEST((chosen(ice_lake_gold) == BLIS_ARCH_SKX));
  BOOST_TEST((chosen(emerald_rapids) == BLIS_ARCH_SKX));
  BOOST_TEST((chosen(hidden_xeon) == BLIS_ARCH_SKX));
  BOOST_TEST((chosen(hygon) == BLIS_ARCH_HASWELL));
  BOOST_TEST((chosen(zhaoxin) == BLIS_ARCH_SKX));
}

BOOST_AUTO_TEST_CASE(processors_that_blis_knows_are_left_to_it) {
  for (const processor& p : {zen2, zen3, bulldozer, haswell, skylake_platinum, skylake_silver, tiger_lake, arm})
    BOOST_TEST((chosen(p) == blis_decides), p.name());
}

BOOST_AUTO_TEST_CASE(what_the_user_sets_stands) {
  for (const processor& p : {zen3, zen5, hidden_xeon, hygon})
    for (const char* value : {"", "0", "3", "-1", "zen3"})
      BOOST_TEST((chosen(p, debian, "0.9.0", value) == blis_decides), p.name() << " with " << value);
}

BOOST_AUTO_TEST_CASE(a_library_that_knows_these_processors_is_left_alone) {
  constexpr kernels amd_release{.skx = true, .haswell = true, .zen3 = true, .newer_amd = true};
  BOOST_TEST((chosen(zen5, amd_release, "AOCL-BLIS 5.0.0 Build 20241009") == blis_decides));
  BOOST_TEST((chosen(hidden_xeon, amd_release, "AOCL-BLIS 5.0.0 Build 20241009") == blis_decides));
  BOOST_TEST((chosen(zen5, amd_release, "3.0") == blis_decides));
  BOOST_TEST((chosen(zen5, debian, "") == blis_decides));
  BOOST_TEST((chosen(zen5, debian, "2.1") == BLIS_ARCH_SKX), "2.1 does not know Zen 5 either");
}

BOOST_AUTO_TEST_CASE(kernels_that_were_not_built_are_never_asked_for) {
  constexpr kernels avx2_only{.skx = false, .haswell = true, .zen3 = false, .newer_amd = false};
  for (const processor& p : {zen4, zen5, zen5_behind_a_veil, hidden_xeon, hygon, zhaoxin, arm}) {
    BOOST_TEST((chosen(p, kernels{}) == blis_decides), p.name());
    const auto asked = chosen(p, avx2_only);
    BOOST_TEST((!asked || *asked == BLIS_ARCH_HASWELL), p.name());
  }
  BOOST_TEST((chosen(zen5, avx2_only) == BLIS_ARCH_HASWELL));
}

BOOST_AUTO_TEST_CASE(every_choice_has_its_reason) {
  for (const processor& p : {zen2, zen4, zen5, hidden_xeon, skylake_silver, hygon, arm})
    for (const char* user : {static_cast<const char*>(nullptr), "3"}) {
      const auto reason = choose(p, debian, "0.9.0", user).reason;
      BOOST_TEST(reason.size() > 10u);
      BOOST_TEST(reason.back() == '.');
    }
}

BOOST_AUTO_TEST_CASE(here_the_choice_runs) {
  const char* const user = std::getenv("BLIS_ARCH_TYPE");
  const choice expected = choose(this_processor(), kernels_of_this_blis(), bli_info_get_version_str(), user);

  const kernel_configuration& runs = conform::blis::configuration();
  BOOST_TEST(!runs.version.empty());
  BOOST_TEST(runs.name == bli_arch_string(bli_arch_query_id()));
  BOOST_TEST(runs.reason == expected.reason);
  if (expected.configuration) BOOST_TEST(runs.name == bli_arch_string(*expected.configuration));
  BOOST_TEST(&runs == &conform::blis::configuration());
  // Programs started from here do not inherit the number.
  BOOST_TEST((std::getenv("BLIS_ARCH_TYPE") == user));
  BOOST_TEST_MESSAGE("BLIS " << runs.version << " runs " << runs.name << ". " << runs.reason);
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: BSL-1.0
// Extents: numbers and symbols in one word, told apart, spelled, and nothing else let in.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <conform/diagnose/diagnosis.hpp>
#include <conform/shape/extent.hpp>

using namespace conform;

namespace {

constexpr std::size_t largest_number = symbol_bit - 1;

// Every number below 2^63 is itself.
static_assert(is_extent(0) && is_extent(1) && is_extent(6) && is_extent(largest_number));
static_assert(!is_symbol(0) && !is_symbol(6) && !is_symbol(largest_number));

// A symbol is an extent, and no number.
static_assert(is_extent(dyn<"T">) && is_symbol(dyn<"T">));
static_assert(is_extent(dyn<"12345678">) && is_symbol(dyn<"12345678">));
static_assert(dyn<"T"> != 'T' && dyn<"6"> != 6);

// The same letters are the same extent; other letters, another order or another length are not.
static_assert(dyn<"T"> == dyn<"T"> && dyn<"T"> != dyn<"S"> && dyn<"TS"> != dyn<"ST"> && dyn<"T"> != dyn<"TT">);
static_assert(dyn<"t"> != dyn<"T">);

// Encoding and decoding are inverse, from the first to the last printable character and for each length.
static_assert(symbol_name(dyn<"T">).text() == "T" && symbol_name(dyn<"rows">).text() == "rows");
static_assert(symbol_name(dyn<"a">).text() == "a" && symbol_name(dyn<"ab">).text() == "ab" &&
              symbol_name(dyn<"abc">).text() == "abc" && symbol_name(dyn<"abcd">).text() == "abcd" &&
              symbol_name(dyn<"abcde">).text() == "abcde" && symbol_name(dyn<"abcdef">).text() == "abcdef" &&
              symbol_name(dyn<"abcdefg">).text() == "abcdefg" && symbol_name(dyn<"abcdefgh">).text() == "abcdefgh");
static_assert(symbol_name(dyn<"!~0_-+">).text() == "!~0_-+" && symbol_name(dyn<"~~~~~~~~">).text() == "~~~~~~~~");

// std::dynamic_extent has no name, and neither has any other word that dyn cannot make.
static_assert(!is_extent(std::dynamic_extent));
static_assert(!is_extent(symbol_bit));                           // no character
static_assert(!is_extent(symbol_bit | (std::size_t{1} << 56)));  // a ninth character
static_assert(!is_extent(symbol_bit | (std::size_t{1} << 62)));  // the mark of a stride

// What dyn refuses: no name, a ninth character, spaces and what is not ASCII.
static_assert(can_be_symbol<"T"> && can_be_symbol<"12345678">);
static_assert(!can_be_symbol<""> && !can_be_symbol<"123456789"> && !can_be_symbol<"a b"> && !can_be_symbol<"\x80">);
constexpr diagnosis too_long = symbol_rule<"123456789">::check(), with_space = symbol_rule<"a b">::check();
static_assert(too_long.text() == "C033 dyn<\"123456789\">: a name of 1 to 8 characters is needed");
static_assert(with_space.text() ==
              "C033 dyn<\"...\">: a name of 1 to 8 printable ASCII characters without spaces is needed");

// Values are bound to the symbol that the letters make.
static_assert(decltype(bind<"T">(17))::symbol == dyn<"T"> && bind<"T">(17).value == 17);

constexpr bool says(diagnosis const& s, std::string_view expected) { return s.text() == expected; }

// A sentence spells numbers as numbers and symbols as their letters.
static_assert(says(diagnosis() << "token=" << spelled{6} << ", key=" << spelled{dyn<"S">}, "token=6, key=S"));
static_assert(says(diagnosis() << std::size_t{0}, "0") && says(diagnosis() << ~std::size_t{0}, "18446744073709551615"));
static_assert(diagnosis().kept() && !diagnosis("no").kept() && !diagnosis("no").silent());
static_assert(!diagnosis::said_before().kept() && diagnosis::said_before().silent());

}  // namespace

BOOST_AUTO_TEST_CASE(a_sentence_that_is_too_long_ends_in_dots) {
  diagnosis s;
  for (int i = 0; i < 100; ++i) s << "0123456789";
  BOOST_TEST(s.text().size() == diagnosis::capacity);
  BOOST_TEST(std::string(s.text().substr(diagnosis::capacity - 4)) == "6...");

  diagnosis full{std::string(diagnosis::capacity, 'x')};
  full << "";
  BOOST_TEST(std::string(full.text()) == std::string(diagnosis::capacity, 'x'));
}

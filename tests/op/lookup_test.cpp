// SPDX-License-Identifier: BSL-1.0
// lookup: rows of a table by their numbers.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/op/lookup.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>

#include "modes.hpp"

using namespace test;

namespace {

constexpr std::size_t V = dyn<"V">;

// A table [vocab, embed] and ids [batch, token], in three modes.
using table_known = tensor<float, vocab<7>, embed<3>>;
using table_mixed = tensor<float, vocab<V>, embed<3>>;
using table_unknown = tensor<float, vocab<V>, embed<E>>;
template <class N>
using ids_known = tensor<N, batch<2>, token<4>>;
template <class N>
using ids_unknown = tensor<N, batch<B>, token<T>>;
template <class Ids>
constexpr Ids spread(Ids ids) {
  std::size_t n = 3;
  for (auto& id : ids) id = static_cast<typename Ids::value_type>(n = (5 * n + 1) % 7);
  return ids;
}

// Each row of the result is the row of the table that `select` gives.
template <class Table, class Ids>
constexpr bool takes_rows(Table const& table, Ids const& ids) {
  auto const out = lookup<vocab>(table, ids);
  return std::is_same_v<shape_t<decltype(out)>,
                        join_shapes<shape_t<Ids>, shape_t<decltype(select<vocab>(table, 0))>>> &&
         everywhere(ids, [&](auto const& i) {
           auto const row = select<vocab>(table, static_cast<std::size_t>(element(ids, i)));
           for (std::size_t e = 0; e < row.extent(0); ++e)
             if (out(i[0], i[1], e) != row(e)) return false;
           return true;
         });
}
static_assert(takes_rows(make<table_known>({}), spread(ids_known<int>())));
static_assert(takes_rows(make<table_mixed>({7, 3}), spread(ids_unknown<std::int64_t>(zeros, {3, 2}))));
static_assert(takes_rows(make<table_unknown>({9, 2}), spread(ids_unknown<std::uint8_t>(zeros, {1, 4}))));
static_assert(takes_rows(make<table_unknown>({9, 2}), spread(ids_unknown<char>(zeros, {1, 4}))));

static_assert([] {  // one id; a table of numbers; a table of matrices, its rows along another axis
  auto const table = numbered(tensor<int, head<2>, vocab<3>, embed<2>>());
  tensor<int> one;
  one() = 2;
  auto const out = lookup<vocab>(table, one);
  auto const numbers = lookup<vocab>(tensor<int, vocab<3>>{10, 20, 30}, tensor<int, token<4>>{2, 0, 0, 1});
  auto const by_head = lookup<head>(table, tensor<int, token<2>>{1, 0});
  return std::is_same_v<decltype(out), tensor<int, head<2>, embed<2>> const> && out(1, 0) == table(1, 2, 0) &&
         numbers(0) == 30 && numbers(3) == 20 && by_head(0, 2, 1) == table(1, 2, 1) &&
         by_head(1, 2, 1) == table(0, 2, 1);
}());
static_assert(lookup<vocab>(tensor<int, vocab<0>, embed<3>>(), tensor<int, token<0>>()).size() == 0);

// An axis of the table, and numbers along axes that are not the table's, with positives beside.
static_assert(can_lookup<vocab, table_known, ids_known<int>> &&
              can_lookup<vocab, table_mixed&, ids_unknown<std::uint16_t> const>);
static_assert(can_lookup<vocab, table_unknown, tensor<long, vocab<5>>>);
static_assert(!can_lookup<key, table_known, ids_known<int>>);  // no such axis
static_assert(!can_lookup<key, table_mixed, ids_known<int>> && !can_lookup<key, table_unknown, ids_unknown<int>>);
static_assert(!can_lookup<vocab, table_known, ids_known<float>>);  // a float is no number of a row
static_assert(!can_lookup<vocab, table_mixed, ids_unknown<double>> && !can_lookup<vocab, table_known, ids_known<bool>>);
static_assert(!can_lookup<vocab, table_known, tensor<int, batch<2>, embed<3>>>);  // embed on both sides
static_assert(!can_lookup<vocab, table_mixed, tensor<int, batch<B>, embed<3>>>);
static_assert(!can_lookup<vocab, table_unknown, tensor<int, batch<B>, embed<E>>>);
static_assert(!can_lookup<vocab, int, ids_known<int>> && !can_lookup<vocab, table_known, int> &&
              !can_lookup<vocab, void, void>);
static_assert(said<lookup_rule<key, table_mixed, ids_known<int>>>.text() ==
              "C005 lookup: no axis key in [vocab=V, embed=3]");
static_assert(said<lookup_rule<vocab, table_known, ids_known<float>>>.text() == "C018 lookup: the ids are float, not integers");
static_assert(said<lookup_rule<vocab, table_known, tensor<int, batch<2>, embed<3>>>>.text() ==
              "C013 lookup: ids and table both have an axis embed, rename one");

}  // namespace

BOOST_AUTO_TEST_CASE(rows_however_they_lie) {
  auto const check = [](auto const& table, auto const& ids) {
    BOOST_TEST(takes_rows(table, ids));
    BOOST_TEST((takes_rows(table, transpose<batch, token>(ids))));
    BOOST_TEST((takes_rows(transpose<vocab, embed>(table), slice<token, 1, 1>(ids))));
    BOOST_TEST((takes_rows(slice<embed, 1, 1>(table), ids)));
  };
  check(make<table_known>({}), spread(ids_known<int>()));
  check(make<table_mixed>({7, 3}), spread(ids_unknown<std::uint64_t>(zeros, {5, 3})));
  check(make<table_unknown>({12, 5}), spread(ids_known<std::int8_t>()));
}

BOOST_AUTO_TEST_CASE(ids_outside_the_table_are_std_out_of_range) {
  table_mixed const table(zeros, {7, 3});
  auto const words = [&](auto id) {
    return thrown_by<std::out_of_range>([&] { (void)lookup<vocab>(table, tensor<decltype(id), token<2>>{0, id}); });
  };
  BOOST_TEST(words(6) == "nothing thrown");
  BOOST_TEST(words(7) == "lookup: id 7 in a table of vocab=7");
  BOOST_TEST(words(-1) == "lookup: id -1 in a table of vocab=7");
  BOOST_TEST(words(std::numeric_limits<std::int64_t>::min()) ==
             "lookup: id -9223372036854775808 in a table of vocab=7");
  BOOST_TEST(words(std::numeric_limits<std::uint64_t>::max()) ==
             "lookup: id 18446744073709551615 in a table of vocab=7");
  BOOST_TEST(words(std::uint8_t{255}) == "lookup: id 255 in a table of vocab=7");
  BOOST_TEST(thrown_by<std::out_of_range>([] {
               (void)lookup<vocab>(tensor<int, vocab<0>>(), tensor<int, token<1>>());
             }) == "lookup: id 0 in a table of vocab=0");
}

BOOST_AUTO_TEST_CASE(symbols_that_do_not_agree_are_found_out) {
  // One symbol for rows of the table and for ids along the same axis.
  tensor<int, vocab<V>> const ids(bind<"V">(4));
  BOOST_TEST(thrown_by<shape_error>([&] {
               (void)lookup<vocab>(table_mixed(zeros, {7, 3}), ids);
             }) == "C010 lookup: vocab V=7 meets vocab V=4");
}

// SPDX-License-Identifier: BSL-1.0
// The tokenizer: its rules on small vocabularies, what is not UTF-8, laws on random bytes, and the real vocabulary.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support.hpp"
#include "use_lite/tokenizer.hpp"

namespace {

using namespace use_lite;
using namespace use_lite::test;
using namespace std::string_literals;
using boost::unit_test::precondition;
using ids = std::vector<std::int32_t>;
using entries = std::vector<tokenizer::entry>;

// Ids 6, 7, … in the order given.
tokenizer vocabulary(entries pieces) {
  entries all(tokenizer::reserved, {"reserved", 0});
  all.insert(all.end(), pieces.begin(), pieces.end());
  return tokenizer(std::move(all));
}

ids ids_of(tokenizer const& t, std::string const& text) {
  ids result;
  for (auto const& piece : t(text)) result.push_back(piece.id);
  return result;
}

void check_ids(tokenizer const& t, std::string const& text, ids const& expected) {
  auto const found = ids_of(t, text);
  BOOST_TEST(found == expected, "for " << printable(text) << boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_blank_and_the_beginning_are_marked) {
  auto const t = vocabulary({{"▁a", -1}, {"▁", -2}, {"a", -3}});
  check_ids(t, "a", {6});
  check_ids(t, "a a", {6, 6});
  check_ids(t, " a", {7, 6});
  check_ids(t, "aa ", {6, 8, 7});
  check_ids(t, "", {});
  check_ids(t, " ", {7, 7});
}

BOOST_AUTO_TEST_CASE(the_most_probable_path_wins) {
  auto const t = vocabulary({{"▁", -1}, {"a", -4}, {"b", -4}, {"ab", -7}, {"▁a", -2}, {"c", -1}, {"bc", -9}});
  check_ids(t, "ab", {10, 8});  // ▁a b: -6; ▁ ab: -8; ▁ a b: -9
  check_ids(t, "abc", {10, 8, 11});
  check_ids(t, "b", {6, 8});
}

// As the program does that the model was trained with: what comes later in the search wins a tie.
BOOST_AUTO_TEST_CASE(of_equal_paths_the_one_with_the_later_start_wins) {
  check_ids(vocabulary({{"▁", -1}, {"a", -1}, {"▁a", -2}}), "a", {6, 7});
}

BOOST_AUTO_TEST_CASE(of_equal_pieces_the_last_one_counts) {
  check_ids(vocabulary({{"▁", -1}, {"a", -1}, {"a", -30}}), "a", {6, 8});
}

BOOST_AUTO_TEST_CASE(reserved_entries_are_never_found) {
  check_ids(vocabulary({{"▁", -1}, {"r", -1}}), "reserved", {6, 7, 0, 7, 0});
}

BOOST_AUTO_TEST_CASE(neighbouring_unknowns_are_one_token_and_keep_their_text) {
  auto const t = vocabulary({{"▁", -1}, {"a", -1}});
  auto const pieces = t("xy a今日🙂");
  BOOST_REQUIRE_EQUAL(pieces.size(), 5u);
  BOOST_TEST(pieces[1].id == tokenizer::unknown);
  BOOST_TEST(pieces[1].text == "xy");
  BOOST_TEST(pieces[3].text == "a");
  BOOST_TEST(pieces[4].id == tokenizer::unknown);
  BOOST_TEST(pieces[4].text == "今日🙂");
}

// As trained: no piece ends after "x", so "yz" counts from nothing, which beats every path that was paid for.
BOOST_AUTO_TEST_CASE(a_place_that_no_piece_ends_at_costs_nothing) {
  check_ids(vocabulary({{"▁xy", -10}, {"yz", -8}, {"z", -5}, {"▁", -1}}), "xyz", {9, 0, 7});
}

BOOST_AUTO_TEST_CASE(the_normal_form_is_nfkc) {
  std::vector<std::pair<std::string, std::string>> const cases{{"plain", "plain"},
                                                               {"ﬁne", "fine"},
                                                               {"①", "1"},
                                                               {"\u212B", "\u00C5"},
                                                               {"ｆｕｌｌ", "full"},
                                                               {"e\u0301", "\u00E9"},
                                                               {"\u00A0x\u2003", " x "},
                                                               {"½", "1\u20442"},
                                                               {"㍿", "株式会社"},
                                                               {"한", "한"},
                                                               {"a\0b"s, "a\0b"s},
                                                               {"\uFEFFx", "\uFEFFx"},
                                                               {"\uFFFE", "\uFFFE"},
                                                               {"q\u0307\u0323", "q\u0323\u0307"}};
  for (auto const& [from, to] : cases) BOOST_TEST(nfkc(from) == to, "for " << printable(from));
}

BOOST_AUTO_TEST_CASE(what_is_not_utf8_is_refused_with_the_byte) {
  for (auto const& text : {"\x80"s, "\xff"s, "\xc0\x80"s, "\xc1\xbf"s, "\xe0\x80\x80"s, "\xf0\x80\x80\x80"s,
                           "\xed\xa0\x80"s, "\xed\xbf\xbf"s, "\xf4\x90\x80\x80"s, "\xf8\x88\x80\x80\x80"s, "\xc3"s,
                           "\xe2\x82"s, "\xf0\x9f\x99"s, "\xc3\x28"s, "\xe2\x28\xa1"s, "\xfe\xfe\xff\xff"s}) {
    BOOST_TEST(!invalid_utf8(text).empty());
    BOOST_TEST(refusal([&] { nfkc(text); }).find("not valid UTF-8") != std::string::npos);
    auto const behind = refusal([&] { nfkc("é" + text); });
    BOOST_TEST(behind.find("byte 3, ") != std::string::npos, behind);
  }
  BOOST_TEST(invalid_utf8("\u0000\u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF"s).empty());
}

BOOST_AUTO_TEST_CASE(a_vocabulary_that_is_none_is_refused) {
  for (auto const* json :
       {"", "{}", "[", "3", "[1,2]", R"([["a"]])", R"([["a","b"]])", R"([[1,2]])", R"([["a",1],["b",2]])"})
    BOOST_TEST(!refusal([&] { tokenizer::from_json(json); }).empty(), json);
  auto const t = tokenizer::from_json(R"([["",0],["",0],["",0],["",0],["",0],["",0],["▁",-1],["x",null]])");
  check_ids(t, "x", {6, 7});
  BOOST_TEST(t.size() == 8u);
}

// The law: the pieces spell the normal form of the text, blanks marked; unknowns never stand side by side.
void check_law(tokenizer const& t, std::string const& text) {
  std::string expected = text.empty() ? "" : "▁", spelled;
  for (char const c : nfkc(text)) c == ' ' ? expected += "▁" : expected += c;
  bool after_unknown = false;
  for (auto const& piece : t(text)) {
    spelled += piece.text;
    BOOST_TEST_REQUIRE(!(after_unknown && piece.id == tokenizer::unknown));
    BOOST_TEST_REQUIRE(static_cast<std::size_t>(piece.id) < t.size());
    after_unknown = piece.id == tokenizer::unknown;
  }
  BOOST_TEST_REQUIRE(spelled == expected);
}

BOOST_AUTO_TEST_CASE(random_bytes_are_cut_or_refused) {
  auto const t = vocabulary({{"▁", -3}, {"a", -2}, {"é", -2}, {"▁a", -4}, {"aé", -3}, {"aaa", -1}, {"日本", -5}});
  std::mt19937 random(7);
  int cut = 0, refused = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (auto n = random() % 12; n > 0; --n) {
      switch (random() % 6) {
        case 0:
          text += static_cast<char>(random() % 256);
          break;
        case 1:
          text += "é";
          break;
        case 2:
          text += "e\u0301 ";
          break;
        case 3:
          text += "日本";
          break;
        case 4:
          text += static_cast<char>(random() % 128);
          break;
        default:
          text += "aa";
          break;
      }
    }
    if (invalid_utf8(text).empty()) {
      check_law(t, text);
      ++cut;
    } else {
      BOOST_TEST_REQUIRE(!refusal([&] { t(text); }).empty());
      ++refused;
    }
  }
  BOOST_TEST(cut > 1000);
  BOOST_TEST(refused > 1000);
}

BOOST_AUTO_TEST_CASE(long_texts_take_time_in_proportion) {
  auto const t = vocabulary({{"▁", -3}, {"a", -2}, {"aaa", -1}});
  BOOST_TEST(t(std::string(1 << 20, 'a')).size() > 300000u);
}

tokenizer real() { return tokenizer::from_json(read_model_file(model_directory(""), "vocab.json")); }

BOOST_AUTO_TEST_CASE(sentences_get_the_ids_of_the_models_own_tokenizer, *precondition(has_references)) {
  auto const t = real();
  BOOST_TEST(t.size() == 8000u);
  auto const list = nlohmann::json::parse(read_file(shared() / "sentences.json"));
  BOOST_TEST(list.size() == 12u);
  for (auto const& item : list) check_ids(t, item.at("text").get<std::string>(), item.at("ids").get<ids>());
}

// Ids that @energetic-ai/embeddings 0.2.0 gave for what is unusual: pieces with lost or positive numbers, pieces that
// occur three times, blanks of all kinds, compatibility characters, NUL, emoji.
BOOST_AUTO_TEST_CASE(odd_texts_too, *precondition(has_model)) {
  auto const t = real();
  check_ids(t, ":30 12:00 :) http://x ”5 ”5", {30, 4177, 575, 5920, 658, 290, 255, 152, 30, 4464, 30, 4464});
  check_ids(t, "\u00A0a\u2003b\tc", {30, 11, 464, 0, 131});
  check_ids(t, "ﬁne ① ㍿ \u00C5 \u212B ｆｕｌｌ", {839, 207, 30, 0, 30, 0, 30, 0, 650});
  check_ids(t, "  leading  and trailing  ", {30, 30, 2428, 30, 12, 5578, 23, 30, 30});
  check_ids(t, "\0a"s, {30, 0, 86});
  check_ids(t, "🙂🙂 x 🙂y", {30, 0, 649, 30, 0, 48});
  check_ids(t, "a", {11});
  std::string words;
  for (int i = 0; i < 200; ++i) words += "word ";
  ids expected(200, 1095);
  expected.push_back(30);
  check_ids(t, words, expected);
}

BOOST_AUTO_TEST_CASE(the_law_holds_for_the_real_vocabulary, *precondition(has_model)) {
  auto const t = real();
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto n = random() % 40; n > 0; --n) text += static_cast<char>(' ' + random() % 95);
    check_law(t, text);
  }
}

}  // namespace

// SPDX-License-Identifier: BSL-1.0
// Files that are complete or untouched, texts that may be shown, command lines, lines of a file.
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <array>
#include <string>
#include <vector>

#include "support.hpp"
#include "use_lite/arguments.hpp"
#include "use_lite/file.hpp"
#include "use_lite/sentences.hpp"
#include "use_lite/text.hpp"

namespace {

using namespace use_lite;
using namespace use_lite::test;
using namespace std::string_literals;

BOOST_AUTO_TEST_CASE(a_file_appears_when_it_is_complete) {
  folder const here;
  {
    output_file out(here / "new");
    out.write("half");
    BOOST_TEST(!fs::exists(here / "new"));
    out.write(" and half\0"s);
    out.commit();
  }
  BOOST_TEST(read_file(here / "new") == "half and half\0"s);
  BOOST_TEST(here.count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_given_up_leaves_nothing) {
  folder const here;
  write(here / "old", "as it was");
  {
    output_file fresh(here / "new"), again(here / "old");
    fresh.write("half");
    again.write("half");
  }
  BOOST_TEST(here.count() == 1u);
  BOOST_TEST(read_file(here / "old") == "as it was");
}

BOOST_AUTO_TEST_CASE(a_file_is_replaced_with_its_permissions_and_through_links) {
  folder const here;
  write(here / "real", "before");
  fs::permissions(here / "real", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(here / "real", here / "link");
  output_file out(here / "link");
  out.write("after");
  out.commit();
  BOOST_TEST(fs::is_symlink(here / "link"));
  BOOST_TEST(read_file(here / "real") == "after");
  BOOST_TEST((fs::status(here / "real").permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_refused_at_once) {
  folder const here;
  write(here / "file", "");
  for (auto const& path :
       {here.path(), here / "missing/out", here / "file/out", here / std::string(300, 'x'), fs::path("")}) {
    auto const reason = refusal([&] { output_file out(path); });
    BOOST_TEST(reason.find("cannot be written") != std::string::npos, path << ": " << reason);
  }
  BOOST_TEST(here.count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_device_is_written_directly) {
  output_file null("/dev/null");
  null.write("gone");
  null.commit();
  BOOST_TEST(fs::is_character_file("/dev/null"));
  if (fs::exists("/dev/full")) {
    output_file full("/dev/full");
    BOOST_TEST(refusal([&] { full.write("x"); }) == "'/dev/full' cannot be written: No space left on device");
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_refused) {
  folder const here;
  BOOST_TEST(refusal([&] { read_file(here / "none"); }).find("cannot be opened") != std::string::npos);
  BOOST_TEST(refusal([&] { read_file(here.path()); }).find("is a directory") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(lines_are_taken_as_they_are) {
  using lines = std::vector<std::string>;
  auto const check = [](std::string const& text, lines const& expected) {
    BOOST_TEST(lines_of(text) == expected, boost::test_tools::per_element());
  };
  check("", {});
  check("a", {"a"});
  check("a\n", {"a"});
  check("a\nb", {"a", "b"});
  check("\n", {""});
  check("a\n\nb\n", {"a", "", "b"});
  check("  a \r\n\tb\0\n"s, {"  a \r", "\tb\0"s});
}

BOOST_AUTO_TEST_CASE(sentences_that_no_tokenizer_can_take_are_named) {
  folder const here;
  write(here / "empty", "");
  BOOST_TEST(refusal([&] { read_sentences(here / "empty"); }).find("holds no sentence") != std::string::npos);
  write(here / "gap", "a\n\nb\n");
  auto const gap = refusal([&] { check(read_sentences(here / "gap")); });
  BOOST_TEST(gap.find("line 2 of '") == 0u, gap);
  BOOST_TEST(gap.find("is empty") != std::string::npos, gap);
  BOOST_TEST(refusal([] {
               check(sentences_of({"a", "b\xff"}));
             }) == "sentence 2 is not valid UTF-8: byte 2, 0xff, starts no character");
  BOOST_TEST(refusal([] { check(sentences_of({" ", "\r"})); }).empty());
}

BOOST_AUTO_TEST_CASE(what_commands_a_terminal_is_not_shown) {
  BOOST_TEST(printable("plain é 今日 🙂") == "plain é 今日 🙂");
  BOOST_TEST(printable("\x1b[2J\r\n\x7f") == "\uFFFD[2J\uFFFD\uFFFD\uFFFD");
  BOOST_TEST(printable("a\u202Eb\u2028c\u0085") == "a\uFFFDb\uFFFDc\uFFFD");
  BOOST_TEST(printable("\xff\xc3") == "\uFFFD\uFFFD");
}

BOOST_AUTO_TEST_CASE(texts_are_fitted_by_columns) {
  BOOST_TEST(columns("abc") == 3u);
  BOOST_TEST(columns("今日") == 4u);
  BOOST_TEST(columns("e\u0301") == 1u);
  BOOST_TEST(fitted("abc", 5) == "abc  ");
  BOOST_TEST(fitted("abc", 5, align::right) == "  abc");
  BOOST_TEST(fitted("abcdef", 4) == "abc…");
  BOOST_TEST(fitted("今日は", 4) == "今… ");
  BOOST_TEST(fitted("今日は", 1) == "…");
  BOOST_TEST(fitted("abc", 0) == "");
}

constexpr std::array known{option{"--out", "FILE", ""}, option{"--quiet", "", ""}};

arguments parse(std::vector<char const*> values) {
  values.insert(values.begin(), "program");
  return arguments(static_cast<int>(values.size()), values.data(), known);
}

BOOST_AUTO_TEST_CASE(options_and_words_come_in_any_order) {
  auto const given = parse({"one", "--out", "x", "two", "--quiet", "--", "--out", "-"});
  BOOST_TEST(given.value("--out") == "x");
  BOOST_TEST(given.has("--quiet"));
  BOOST_TEST(given.words() == (std::vector<std::string>{"one", "two", "--out", "-"}), boost::test_tools::per_element());
  BOOST_TEST(parse({"--out=a=b"}).value("--out") == "a=b");
  BOOST_TEST(!parse({}).has("--quiet"));
  BOOST_TEST(parse({"-5 degrees", "-", ""}).words().size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_wrong_command_line_is_refused) {
  BOOST_TEST(refusal([] { parse({"--other"}); }) == "unknown option '--other'");
  BOOST_TEST(refusal([] { parse({"-x"}); }) == "unknown option '-x'");
  BOOST_TEST(refusal([] { parse({"--out"}); }) == "--out needs a value: FILE");
  BOOST_TEST(refusal([] { parse({"--out="}); }) == "--out needs a value: FILE");
  BOOST_TEST(refusal([] { parse({"--out", ""}); }) == "--out needs a value: FILE");
  BOOST_TEST(refusal([] { parse({"--quiet=yes"}); }) == "--quiet takes no value");
  BOOST_TEST(refusal([] { parse({"--quiet", "--quiet"}); }) == "--quiet is given twice");
}

}  // namespace

// SPDX-License-Identifier: BSL-1.0
// tools/fetch_model.sh and tools/fetch_ocr.sh without a network: an npm of our own stands in for the real one.
#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <cstdlib>
#include <string>
#include <utility>

#include "support.hpp"

namespace {

using namespace use_lite;
using namespace use_lite::test;
using boost::unit_test::precondition;

constexpr char const* scripts[] = {"fetch_model", "fetch_ocr"};

fs::path path_of(char const* script) {
  return fs::path(__FILE__).parent_path().parent_path().parent_path() / "tools" / (std::string(script) + ".sh");
}

// For the shell; appended, because g++ 12 warns of nothing in `"'" + text`.
std::string in_quotes(fs::path const& path) {
  std::string result(1, '\'');
  return (result += path.string()) += '\'';
}

// Runs the script with `npm` as the body of the npm that it finds, and a Node.js that does nothing.
outcome fetch(char const* script, folder const& here, std::string const& npm, std::string const& directory) {
  fs::create_directory(here / "bin");
  for (auto const& [program, body] : {std::pair(here / "bin/npm", npm), std::pair(here / "bin/node", std::string("exit 1"))}) {
    write(program, "#!/bin/sh\n" + body + "\n");
    fs::permissions(program, fs::perms::owner_all);
  }
  auto const at = [&](char const* name) { return in_quotes(here / name); };
  std::string const command =
      "PATH=" + at("bin") + ":$PATH sh " + in_quotes(path_of(script)) + " " + directory + " >" + at("out") + " 2>" + at("err");
  int const status = std::system(command.c_str());
  outcome const result{WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(here / "out"), read_file(here / "err")};
  for (auto const* name : {"bin", "out", "err"}) fs::remove_all(here / name);
  return result;
}

void check_says(std::string const& text, std::string const& part) {
  BOOST_TEST(text.find(part) != std::string::npos, "'" << part << "' is not in: " << text);
}

BOOST_AUTO_TEST_CASE(without_a_network_it_says_so_and_leaves_nothing) {
  for (auto const* script : scripts) {
    folder const here;
    auto const result = fetch(script, here, "echo no network >&2; exit 1", in_quotes(here / "model"));
    BOOST_TEST(result.status == 1);
    check_says(result.err, "no network");
    check_says(result.err, "is this machine offline?");
    BOOST_TEST(here.count() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(another_archive_is_refused_and_leaves_nothing) {
  for (auto const* script : scripts) {
    folder const here;
    auto const model = in_quotes(here / "model");
    auto const result = fetch(script, here, "echo something else >model.tgz", model);
    BOOST_TEST(result.status == 1);
    check_says(result.err, "does not have the expected checksum");
    auto const nothing = fetch(script, here, "exit 0", model);
    BOOST_TEST(nothing.status == 1);
    check_says(nothing.err, "left no archive");
    BOOST_TEST(here.count() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_call_is_refused) {
  for (auto const* script : scripts) {
    folder const here;
    write(here / "file", "");
    for (std::string const& arguments : {std::string("--other"), std::string("a b"), in_quotes(here / "file")}) {
      auto const result = fetch(script, here, "exit 1", arguments);
      BOOST_TEST(result.status == 1);
      check_says(result.err, std::string(script) + ": ");
    }
    auto const help = fetch(script, here, "exit 1", "--help");
    BOOST_TEST(help.status == 0);
    check_says(help.out, "tools/" + std::string(script) + ".sh [DIR]");
    BOOST_TEST(here.count() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(an_intact_model_is_left_alone, *precondition(has_model)) {
  folder const here;
  auto const result = fetch("fetch_model", here, "exit 1", in_quotes(fs::absolute(model_directory(""))));
  BOOST_TEST(result.status == 0);
  check_says(result.out, "is complete");
}

}  // namespace

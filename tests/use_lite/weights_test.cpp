// SPDX-License-Identifier: BSL-1.0
// The model's files: the manifest's arithmetic, tensors by name, and each way in which a file can be wrong.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "support.hpp"
#include "use_lite/sha256.hpp"
#include "use_lite/weights.hpp"

namespace {

using namespace use_lite;
using namespace use_lite::test;
using boost::unit_test::precondition;

std::string described(std::string const& weights, std::string const& paths = R"("one","two")") {
  return R"({"weightsManifest":[{"paths":[)" + paths + R"(],"weights":[)" + weights + "]}]}";
}

constexpr char const* three = R"({"name":"a","shape":[2,3],"dtype":"float32"},{"name":"b","shape":[],"dtype":"int32"},
                                 {"name":"c","shape":[1,1,2],"dtype":"float32"})";

std::string bytes_of(std::vector<float> const& values) {
  return {reinterpret_cast<char const*>(values.data()), values.size() * sizeof(float)};
}

BOOST_AUTO_TEST_CASE(sha256_is_sha256) {
  BOOST_TEST(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(sha256(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

BOOST_AUTO_TEST_CASE(tensors_follow_each_other_in_the_order_of_the_manifest) {
  auto const m = manifest::from_json(described(three));
  BOOST_TEST(m.shards == (std::vector<std::string>{"one", "two"}), boost::test_tools::per_element());
  BOOST_TEST(m.tensors.at("a").offset == 0u);
  BOOST_TEST(m.tensors.at("b").offset == 24u);
  BOOST_TEST(m.tensors.at("c").offset == 28u);
  BOOST_TEST(m.bytes == 36u);
}

BOOST_AUTO_TEST_CASE(a_manifest_that_is_none_is_refused) {
  for (auto const* json : {"", "[", "{}", R"({"weightsManifest":3})", R"({"weightsManifest":[{}]})"})
    BOOST_TEST(!refusal([&] { manifest::from_json(json); }).empty(), json);
  for (auto const* weight :
       {R"({"name":"a","shape":[2],"dtype":"uint8"})", R"({"name":"a","dtype":"float32"})",
        R"({"name":"a","shape":[4294967296,4294967296],"dtype":"float32"})",
        R"({"name":"a","shape":[4611686018427387903],"dtype":"float32"},{"name":"b","shape":[3],"dtype":"int32"})",
        R"({"name":"a","shape":[2],"dtype":"int32"},{"name":"a","shape":[2],"dtype":"int32"})"})
    BOOST_TEST(!refusal([&] { manifest::from_json(described(weight)); }).empty(), weight);
}

BOOST_AUTO_TEST_CASE(a_tensor_is_asked_for_with_its_shape) {
  weights const w(manifest::from_json(described(three)), bytes_of({1, 2, 3, 4, 5, 6, 0, 8, 9}));
  std::vector<std::size_t> const two_three{2, 3}, three_two{3, 2}, two{2}, six{6}, scalar{};
  BOOST_TEST(w("a", two_three) == (std::vector<float>{1, 2, 3, 4, 5, 6}), boost::test_tools::per_element());
  BOOST_TEST(w("c", two) == (std::vector<float>{8, 9}), boost::test_tools::per_element());
  BOOST_TEST(refusal([&] { w("a", three_two); }) ==
             "the model's tensor 'a' is float32[2,3] where float32[3,2] belongs");
  BOOST_TEST(refusal([&] { w("a", six); }) == "the model's tensor 'a' is float32[2,3] where float32[6] belongs");
  BOOST_TEST(!refusal([&] { w("b", scalar); }).empty());
  BOOST_TEST(refusal([&] { w("x\x1b", two); }) == "the model has no tensor 'x\uFFFD'");
}

BOOST_AUTO_TEST_CASE(weights_that_are_too_few_or_too_many_are_refused) {
  for (std::size_t const count : {0u, 8u, 10u})
    BOOST_TEST(
        !refusal([&] { weights(manifest::from_json(described(three)), bytes_of(std::vector<float>(count))); }).empty());
}

// Sets an environment variable for one scope.
class setting {
 public:
  setting(char const* name, char const* value) : name_(name) {
    if (char const* before = std::getenv(name)) before_ = before;
    value ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  ~setting() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
  setting(setting const&) = delete;
  setting& operator=(setting const&) = delete;

 private:
  char const* name_;
  std::optional<std::string> before_;
};

BOOST_AUTO_TEST_CASE(the_directory_is_the_first_that_is_named) {
  setting const home("HOME", "/h"), cache("XDG_CACHE_HOME", "/c"), named("CONFORM_USE_LITE", "/n");
  BOOST_TEST(model_directory("/o").string() == "/o");
  BOOST_TEST(model_directory("").string() == "/n");
  setting const unnamed("CONFORM_USE_LITE", nullptr);
  BOOST_TEST(model_directory("").string() == "/c/conform/use-lite");
  setting const empty("XDG_CACHE_HOME", "");
  BOOST_TEST(model_directory("").string() == "/h/.cache/conform/use-lite");
  setting const homeless("HOME", nullptr);
  BOOST_TEST(!refusal([] { model_directory(""); }).empty());
}

void check_says(std::string const& refused, std::vector<std::string> const& parts) {
  BOOST_TEST(!refused.empty());
  for (auto const& part : parts) BOOST_TEST(refused.find(part) != std::string::npos, part << " is not in: " << refused);
}

BOOST_AUTO_TEST_CASE(a_missing_model_says_how_to_get_it) {
  folder const here;
  check_says(refusal([&] { weights::load(here / "nowhere"); }),
             {"no model in", "nowhere", "fetch_model.sh", "--model"});
  check_says(refusal([&] { weights::load(here.path()); }), {"model.json' is missing", "fetch_model.sh"});
  write(here / "model.json", "{}");
  check_says(refusal([&] { weights::load(here.path()); }), {"model.json' has 2 bytes where 247026 belong"});
  write(here / "model.json", std::string(247026, ' '));
  check_says(refusal([&] { weights::load(here.path()); }), {"model.json' does not have the expected SHA-256"});
  BOOST_TEST(!refusal([&] { read_model_file(here.path(), "other"); }).empty());
}

BOOST_AUTO_TEST_CASE(each_damaged_file_is_named, *precondition(has_model)) {
  using damage = damaged_model::damage;
  for (auto const* file : {"group1-shard1of7", "group1-shard4of7", "group1-shard7of7"}) {
    check_says(refusal([&] { weights::load(damaged_model(file, damage::missing).path()); }), {file, "is missing"});
    check_says(refusal([&] { weights::load(damaged_model(file, damage::truncated).path()); }), {file, " bytes where "});
    check_says(refusal([&] { weights::load(damaged_model(file, damage::changed).path()); }), {file, "SHA-256"});
  }
}

// tensors.tsv lists every tensor with its byte offset, found without the manifest.
BOOST_AUTO_TEST_CASE(offsets_are_those_of_the_reference_table, *precondition(has_references)) {
  auto const w = weights::load(model_directory(""));
  std::ifstream table(shared() / "tensors.tsv");
  std::string line;
  std::getline(table, line);
  std::size_t rows = 0;
  for (; std::getline(table, line); ++rows) {
    std::istringstream in(line);
    std::string offset, count, dtype, shape, name;
    std::getline(in, offset, '\t');
    std::getline(in, count, '\t');
    std::getline(in, dtype, '\t');
    std::getline(in, shape, '\t');
    std::getline(in, name, '\t');
    auto const& entry = w.where().tensors.at(name);
    BOOST_TEST(entry.offset == std::stoull(offset), name);
    BOOST_TEST(entry.bytes == 4 * std::stoull(count), name);
    BOOST_TEST(entry.dtype == dtype, name);
  }
  BOOST_TEST(rows == w.where().tensors.size());
  BOOST_TEST(rows == 61u);
}

}  // namespace

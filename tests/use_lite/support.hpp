// SPDX-License-Identifier: BSL-1.0
// Defines what the tests of the real model share: where it is, whether it is there, folders of their own, running a main.
#pragma once

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "use_lite/failure.hpp"
#include "use_lite/file.hpp"
#include "use_lite/weights.hpp"

namespace use_lite::test {

namespace fs = std::filesystem;

inline fs::path shared() { return fs::path(CONFORM_SHARED_DIR) / "use-lite"; }

// Cases that need the weights, or the references too, are skipped where those are not there, and say so.
inline boost::test_tools::assertion_result present(fs::path const& file, std::string const& otherwise,
                                                   boost::unit_test::test_unit_id unit) {
  boost::test_tools::assertion_result result(fs::exists(file));
  if (!result) {
    result.message() << otherwise;
    std::printf("skipped: %s: %s\n", boost::unit_test::framework::get(unit, boost::unit_test::TUT_ANY).p_name->c_str(),
                otherwise.c_str());
  }
  return result;
}
inline boost::test_tools::assertion_result has_model(boost::unit_test::test_unit_id unit) {
  return present(model_directory("") / "group1-shard7of7", "the model is not there; tools/fetch_model.sh fetches it",
                 unit);
}
inline boost::test_tools::assertion_result has_references(boost::unit_test::test_unit_id unit) {
  auto result = present(shared() / "embeddings.f32", "the reference outputs are not there", unit);
  return result ? has_model(unit) : result;
}

// An empty folder that goes away again.
class folder {
 public:
  folder() {
    std::string name = (fs::temp_directory_path() / "conform-use-lite-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  folder(folder const&) = delete;
  folder& operator=(folder const&) = delete;
  ~folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path operator/(std::string_view name) const { return path_ / name; }
  fs::path const& path() const { return path_; }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

inline void write(fs::path const& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// The message that `f` is refused with; empty where it is not.
template <class F>
std::string refusal(F f) {
  try {
    f();
  } catch (failure const& reason) { return reason.what(); }
  return {};
}

// What a program left behind.
struct outcome {
  int status;
  std::string out, err;
};

// Runs `main` in a process of its own with these arguments, its standard output and error in files.
inline outcome run(int (*main)(int, char**), std::vector<std::string> arguments, char const* out_name = nullptr) {
  folder const here;
  std::string const out = out_name ? std::string(out_name) : (here / "out").string(), err = (here / "err").string();
  std::fflush(nullptr);
  pid_t const child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    if (!std::freopen(out.c_str(), "w", stdout) || !std::freopen(err.c_str(), "w", stderr)) ::_exit(99);
    std::vector<char*> values{const_cast<char*>("program")};
    for (auto& argument : arguments) values.push_back(argument.data());
    int const count = static_cast<int>(values.size());
    values.push_back(nullptr);
    int const status = main(count, values.data());
    std::fflush(nullptr);
    ::_exit(status);
  }
  int status = 0;
  BOOST_REQUIRE_EQUAL(::waitpid(child, &status, 0), child);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, out_name ? std::string() : read_file(out), read_file(err)};
}

// One sentence on standard error, nothing on standard output, a status that says failure.
inline void check_refused(outcome const& result, std::string_view says) {
  BOOST_TEST(result.status != 0);
  BOOST_TEST(result.out.empty());
  BOOST_TEST(result.err.find(says) != std::string::npos, "'" << says << "' is not in: " << result.err);
  BOOST_TEST((result.err.size() > 1 && result.err.find('\n') == result.err.size() - 1), "not one line: " << result.err);
}

// The model's folder with one file left out, cut or changed: links to the others.
class damaged_model {
 public:
  enum class damage { missing, truncated, changed };
  damaged_model(std::string_view file, damage how) {
    for (auto const& f : model_files) {
      auto const original = fs::absolute(model_directory("")) / f.name;
      if (f.name != file) {
        fs::create_symlink(original, folder_ / f.name);
      } else if (how != damage::missing) {
        std::string bytes = read_file(original);
        if (how == damage::truncated)
          bytes.resize(bytes.size() / 2);
        else
          bytes[bytes.size() / 2] ^= 1;
        write(folder_ / f.name, bytes);
      }
    }
  }
  fs::path const& path() const { return folder_.path(); }

 private:
  folder folder_;
};

}  // namespace use_lite::test

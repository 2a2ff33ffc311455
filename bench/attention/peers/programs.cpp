// SPDX-License-Identifier: BSL-1.0
// Peers that are programs of their own, which take turns as the others do: a line of text asks, a line answers.
//
//   prepare KIND B Tq Tk H d CAUSAL THREADS FOLDER    -> ok, or no and why; FOLDER has what write_problem writes
//   run CALLS                                         -> seconds of the median call
//   difference                                        -> the largest from the right result
//   memory                                            -> bytes at the most, beyond the problem's
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <sstream>

#include "../peer.hpp"

namespace {

using bench::problem;
using words = std::vector<std::string>;

class program {
 public:
  program(words const& command, words const& environment) {
    int to[2], from[2];
    // Closed in other programs, which would keep this one waiting for questions.
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) return;
    child_ = fork();
    if (child_ == 0) {
      dup2(to[0], 0);
      dup2(from[1], 1);
      for (std::string const& one : environment) putenv(const_cast<char*>(one.c_str()));
      std::vector<char*> arguments;
      for (std::string const& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
      arguments.push_back(nullptr);
      execvp(arguments[0], arguments.data());
      _exit(127);
    }
    close(to[0]);
    close(from[1]);
    to_ = fdopen(to[1], "w");
    from_ = fdopen(from[0], "r");
  }
  program(program const&) = delete;
  program& operator=(program const&) = delete;
  ~program() {
    if (to_ != nullptr) std::fclose(to_);  // it ends when nobody asks any more
    if (from_ != nullptr) std::fclose(from_);
    if (child_ > 0) waitpid(child_, nullptr, 0);
  }

  // The answer, or nothing where it has ended.
  std::optional<std::string> ask(std::string const& line) {
    if (to_ == nullptr || from_ == nullptr) return {};
    if (std::fprintf(to_, "%s\n", line.c_str()) < 0 || std::fflush(to_) != 0) return {};
    std::string answer;
    for (int c; (c = std::fgetc(from_)) != EOF;) {
      if (c == '\n') return answer;
      answer += static_cast<char>(c);
    }
    return {};
  }

 private:
  pid_t child_ = -1;
  FILE *to_ = nullptr, *from_ = nullptr;
};

// A folder for the numbers, as long as this lives.
class folder {
 public:
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "conform_bench_XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path = name;
  }
  folder(folder const&) = delete;
  folder& operator=(folder const&) = delete;
  ~folder() {
    std::error_code ignored;
    if (!path.empty()) std::filesystem::remove_all(path, ignored);
  }
  std::filesystem::path path;
};

class program_peer final : public bench::peer {
 public:
  program_peer(std::string name, words command, words environment)
      : name_(std::move(name)), command_(std::move(command)), environment_(std::move(environment)) {}

  std::string name() const override { return name_; }

  // A program for each number of threads: some libraries read it when they are loaded.
  std::string prepare(problem const& p, std::size_t threads) override {
    if (!running_ || threads != threads_) {
      threads_ = threads;
      running_.reset();
      running_.emplace(command_, environment());
    }
    problem_ = &p;
    return prepare_in(*running_, p);
  }
  double run(std::size_t calls) override { return number(*running_, "run " + std::to_string(calls)); }
  double difference() override { return number(*running_, "difference"); }
  // In a program of its own, where nobody has left memory behind; what the library needs anyway is not counted.
  std::size_t peak_memory() override {
    program alone(command_, environment());
    if (!prepare_in(alone, bench::make_problem(bench::all_workloads()[1], problem_->what, false)).empty()) return 0;
    if (!prepare_in(alone, *problem_).empty()) return 0;
    double const bytes = number(alone, "memory");
    return bytes < 1e15 ? static_cast<std::size_t>(bytes) : 0;
  }

 private:
  words environment() const {
    words all = environment_;
    for (char const* const name : {"OMP_NUM_THREADS=", "OPENBLAS_NUM_THREADS=", "BLIS_NUM_THREADS="})
      all.push_back(name + std::to_string(threads_));
    return all;
  }
  std::string prepare_in(program& by, problem const& p) {
    bench::write_problem(p, folder_.path);
    std::ostringstream line;
    line << "prepare " << (p.what == bench::kind::layer ? "layer " : "attention ") << p.of.batch << ' ' << p.of.tokens << ' '
         << p.of.keys << ' ' << p.of.heads << ' ' << p.of.depth << ' ' << p.of.causal << ' ' << threads_ << ' '
         << folder_.path.string();
    std::string const answer = by.ask(line.str()).value_or("no it does not run");
    return answer == "ok" ? "" : answer.substr(answer.starts_with("no ") ? 3 : 0);
  }
  // Infinity where there is no answer, so that a program that ended does not look right.
  static double number(program& of, std::string const& question) {
    auto const answer = of.ask(question);
    char* end = nullptr;
    double const value = answer ? std::strtod(answer->c_str(), &end) : 0;
    return answer && end != answer->c_str() ? value : std::numeric_limits<double>::infinity();
  }

  std::string name_;
  words command_, environment_;
  folder folder_;
  std::optional<program> running_;
  std::size_t threads_ = 0;
  problem const* problem_ = nullptr;
};

}  // namespace

void bench::add_programs(peers& all) {
  std::signal(SIGPIPE, SIG_IGN);  // a program that ended is no reason to end
  std::string const here = BENCH_PEERS_FOLDER, libraries = "/usr/lib/x86_64-linux-gnu/openblas-";
  // Debian's PyTorch multiplies with the system's BLAS: OpenBLAS is the fastest of those that can be installed there.
  char const* const given = std::getenv("LD_LIBRARY_PATH");
  std::string const path = "LD_LIBRARY_PATH=" + (given != nullptr ? std::string(given) + ":" : "") + libraries + "pthread:" +
                           libraries + "serial";
  words const torch = {path};
  all.push_back(std::make_unique<program_peer>("PyTorch", words{BENCH_PYTHON, here + "/torch_peer.py"}, torch));
  all.push_back(std::make_unique<program_peer>("ONNX Runtime", words{"node", here + "/onnxruntime_peer.mjs"}, words{}));
}

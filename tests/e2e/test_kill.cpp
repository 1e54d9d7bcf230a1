// SPDX-License-Identifier: Apache-2.0
// ame is killed at random instants. The short version runs with every test, the long one by hand:
// ./build-dev/test_e2e "[kill-long]"
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <regex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

namespace fs = std::filesystem;

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Steps one after another and beside each other. Each says what it did in files, and leaves processes at every depth:
/// in its group, in groups and sessions of their own, orphans, and some that dropped their variables.
constexpr const char* forest = R"(
  project: forest
  tasks:
    - name: first
      executor: !custom {command: sh tree.sh first}
    - name: left
      dependsOn: [first]
      executor: !custom {command: sh tree.sh left}
    - name: right
      dependsOn: [first]
      executor: !custom {command: sh tree.sh right}
    - name: last
      dependsOn: [left, right]
      executor: !custom {command: sh tree.sh last}
)";

constexpr const char* tree = R"(
: > begun-$1
echo one
setsid sh -c 'env -i /usr/bin/setsid /bin/sh -c "/bin/sleep 1000 & /bin/sleep 1000" & sleep 1000' > /dev/null 2>&1 &
(setsid sleep 1000 > /dev/null 2>&1 &)
(setsid sh -c '(sleep 1000 &); trap "" TERM HUP INT; sleep 1000' > /dev/null 2>&1 &)
sh -c 'sh -c "sh -c \"sleep 0.03\" & sleep 0.03; wait" & wait'
echo two
: > done-$1
)";

const std::vector<std::string> steps = {"first", "left", "right", "last"};

/// Not to wait for anything: to arrive at an instant that nobody chose.
void let_pass(microseconds time) {
  const timespec length = {.tv_sec = time.count() / 1'000'000, .tv_nsec = time.count() % 1'000'000 * 1000};
  ::nanosleep(&length, nullptr);
}

/// Processes that were started somewhere below: what a task starts keeps its directory.
std::vector<pid_t> processes_below(const fs::path& directory) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::error_code failure;
    const fs::path where = fs::read_symlink(entry.path() / "cwd", failure);
    if (!failure && where.string().starts_with(directory.string())) {
      found.push_back(std::stoi(entry.path().filename().string()));
    }
  }
  return found;
}

/// How long it takes until none is left; gives up after a minute.
milliseconds time_until_empty(const fs::path& directory) {
  const auto start = steady_clock::now();
  while (!processes_below(directory).empty() && steady_clock::now() - start < std::chrono::seconds{60}) {
    std::this_thread::yield();
  }
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

/// The word after `"status":` behind the step's name.
std::string status_of(const std::string& json, const std::string& step) {
  std::smatch found;
  const std::regex pattern("\"name\": \"" + step + "\",\\s*\"status\": \"(\\w+)\"");
  return std::regex_search(json, found, pattern) ? found[1].str() : "";
}

/// The pid of the process that watches over ame.
pid_t guardian_of(pid_t ame) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line);
    if (line.find("(run-guardian) ") != std::string::npos && std::stoi(line.substr(line.rfind(')') + 4)) == ame) {
      return std::stoi(line);
    }
  }
  return 0;
}

/// The guardian of ame other than `former`, once it has its name; 0 when none comes within a minute.
pid_t wait_for_guardian(pid_t ame, pid_t former = 0) {
  const auto deadline = steady_clock::now() + std::chrono::seconds{60};
  while (steady_clock::now() < deadline) {
    const pid_t found = guardian_of(ame);
    if (found != 0 && found != former) {
      return found;
    }
    std::this_thread::yield();
  }
  return 0;
}

class Forest {
 public:
  Forest() {
    test_.project(forest).file("tree.sh", tree);
    const auto start = steady_clock::now();
    test_.run("task run -l last").exits(0);
    whole_ = std::chrono::duration_cast<microseconds>(steady_clock::now() - start);
  }

  /// One run, killed at a random instant of it, and all that must be true then.
  milliseconds kill_once(std::mt19937& random) {
    forget_traces();
    const microseconds instant(std::uniform_int_distribution<long>(0, whole_.count())(random));
    INFO("killed after " << instant.count() << " us");
    Running running = test_.start("task run -l last");
    let_pass(instant);
    running.signal(SIGKILL);
    running.finish();
    const milliseconds took = time_until_empty(test_.project_directory());
    CHECK(processes_below(test_.project_directory()).empty());
    check_states();
    return took;
  }

  [[nodiscard]] AmeTest& test() { return test_; }

 private:
  void check_states() {
    const Ran listed = test_.run("task list --number 1 --sort newest --json").exits(0);
    CHECK(listed.out().find("\"Running\"") == std::string::npos);
    CHECK(listed.out().find("\"Pending\"") == std::string::npos);
    const std::string run = newest();
    const Ran viewed = test_.run("task view " + run + " --json").exits(0);
    for (const std::string& step : steps) {
      INFO(viewed.out());
      check_step(run, step, status_of(viewed.out(), step));
    }
  }

  void forget_traces() {
    // Killed before its first word, a run leaves nothing: then `last` is the run before, with the traces it left.
    for (const std::string& step : steps) {
      fs::remove(test_.project_directory() / ("begun-" + step));
      fs::remove(test_.project_directory() / ("done-" + step));
    }
    before_ = newest();
  }

  std::string newest() {
    const std::string out = test_.run("task list --number 1 --sort newest --json").out();
    std::smatch found;
    return std::regex_search(out, found, std::regex("\"id\": (\\d+)")) ? found[1].str() : "";
  }

  void check_step(const std::string& run, const std::string& step, const std::string& status) {
    INFO("step " << step << ": " << status);
    if (run == before_) {
      CHECK_FALSE(fs::exists(test_.project_directory() / ("begun-" + step)));
      return;
    }
    const bool has_begun = fs::exists(test_.project_directory() / ("begun-" + step));
    const bool is_done = fs::exists(test_.project_directory() / ("done-" + step));
    const std::string log = test_.run({"task", "logs", run, "--step", step}).out();
    if (status == "Succeeded") {
      CHECK(is_done);
      CHECK(log == "one\ntwo\n");
    } else if (status == "Skipped") {
      CHECK_FALSE(has_begun);
      CHECK(log.empty());
    } else {
      CHECK(status == "Failed");
      CHECK(std::string("one\ntwo\n").starts_with(log));
    }
  }

  AmeTest test_;
  microseconds whole_{};
  std::string before_;
};

milliseconds kill_often(int times) {
  const unsigned int seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Forest woods;
  milliseconds longest{};
  for (int i = 0; i < times; ++i) {
    longest = std::max(longest, woods.kill_once(random));
  }
  // No lock, file or process that stayed is in the way of the next run.
  woods.test().run("task run -l last").exits(0);
  return longest;
}

}  // namespace

TEST_CASE("ame killed at random instants leaves no process and tells the truth", "[e2e][kill]") {
  kill_often(5);
}

TEST_CASE("ame killed at 200 random instants leaves no process for 2 seconds", "[.][kill-long]") {
  const milliseconds longest = kill_often(200);
  WARN("the longest time until no process was left: " << longest.count() << " ms");
  CHECK(longest < std::chrono::seconds{2});
}

TEST_CASE("when ame and its guardian are killed together, the next command ends what they left", "[e2e][kill]") {
  AmeTest test;
  test.project(R"(
    project: demo
    tasks:
      - name: deep
        executor: !custom {command: "setsid env -i /bin/sleep 1000 & (setsid sleep 1000 &); echo begun; sleep 1000"}
  )");
  Running running = test.start("task run -l deep");
  running.wait_for("begun");
  const pid_t guardian = wait_for_guardian(running.pid());
  REQUIRE(guardian > 0);
  ::kill(guardian, SIGSTOP);  // so that it cannot act before it is killed
  running.signal(SIGKILL);
  ::kill(guardian, SIGKILL);
  running.finish();
  test.run("task list").out("Name   Status Project \ndeep-1 Failed demo    \n\n").exits(0);
  time_until_empty(test.project_directory());
  CHECK(processes_below(test.project_directory()).empty());
}

TEST_CASE("a guardian that is killed is replaced", "[e2e][kill]") {
  AmeTest test;
  test.project(R"(
    project: demo
    tasks:
      - name: deep
        executor: !custom {command: "setsid env -i /bin/sleep 1000 & echo begun; sleep 1000"}
  )");
  Running running = test.start("task run -l deep");
  running.wait_for("begun");
  const pid_t first = wait_for_guardian(running.pid());
  ::kill(first, SIGKILL);
  CHECK(wait_for_guardian(running.pid(), first) != 0);
  running.signal(SIGKILL);
  time_until_empty(test.project_directory());
  CHECK(processes_below(test.project_directory()).empty());
  running.finish();
}

}  // namespace ame

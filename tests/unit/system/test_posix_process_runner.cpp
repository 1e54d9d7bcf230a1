// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/system/file_descriptor.hpp"
#include "core/system/posix_process_runner.hpp"
#include "core/system/process_table.hpp"
#include "core/system/started_processes.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr LeftoverPolicy hasty = {.before_term = milliseconds{50}, .before_kill = milliseconds{50}};

ProcessRequest shell(const std::string& text) {
  return {.argv = {"/bin/sh", "-c", text}, .environment = {"PATH=/usr/bin:/bin"}, .directory = "/"};
}

struct Outcome {
  std::string output;
  std::string error_output;
  ProcessEnded end;
};

/// Runs until the process has ended.
Outcome finish(PosixProcessRunner& runner) {
  Outcome outcome;
  while (true) {
    const ProcessEvent event = runner.wait(steady_clock::now() + std::chrono::seconds{60});
    REQUIRE_FALSE(std::holds_alternative<DeadlineReached>(event));
    if (const auto* output = std::get_if<ProcessOutput>(&event)) {
      (output->stream == OutputStream::standard_output ? outcome.output : outcome.error_output) += output->bytes;
    } else if (const auto* end = std::get_if<ProcessEnded>(&event)) {
      outcome.end = *end;
      return outcome;
    }
  }
}

Outcome run(const ProcessRequest& request, LeftoverPolicy leftovers = {}) {
  PosixProcessRunner runner(leftovers);
  runner.start(1, request);
  return finish(runner);
}

/// Waits for the first words of a process: then it is where the test wants it.
std::string first_output(PosixProcessRunner& runner) {
  while (true) {
    const ProcessEvent event = runner.wait(steady_clock::now() + std::chrono::seconds{60});
    REQUIRE_FALSE(std::holds_alternative<DeadlineReached>(event));
    if (const auto* output = std::get_if<ProcessOutput>(&event)) {
      return std::string(output->bytes);
    }
  }
}

bool is_alive(pid_t pid) {
  const auto found = read_process(pid);
  return found && !found->is_zombie;
}

}  // namespace

TEST_CASE("output of both streams comes apart and whole, then the end", "[process]") {
  const Outcome outcome = run(shell("printf out; printf err >&2; exit 3"));
  CHECK(outcome.output == "out");
  CHECK(outcome.error_output == "err");
  CHECK(outcome.end.process == 1);
  CHECK(outcome.end.exit_code == 3);
  CHECK(outcome.end.signal == 0);
  CHECK(outcome.end.usage.peak_memory > 0);
}

TEST_CASE("more output than a pipe holds comes whole", "[process]") {
  const Outcome outcome = run(shell("head -c 5000000 /dev/zero"));
  CHECK(outcome.output.size() == 5'000'000);
  CHECK(outcome.end.exit_code == 0);
}

TEST_CASE("a program killed by a signal ends with that signal", "[process]") {
  const Outcome outcome = run(shell("kill -SEGV $$"));
  CHECK(outcome.end.signal == SIGSEGV);
  CHECK(outcome.end.exit_code == 0);
}

TEST_CASE("a program that cannot start says why, as its end", "[process]") {
  const TemporaryDirectory place;
  CHECK(run({.argv = {"no-such-program"}, .environment = {"PATH=/usr/bin"}, .directory = "/"}).end.start_error ==
        ENOENT);
  CHECK(run({.argv = {"/etc/passwd"}, .environment = {}, .directory = "/"}).end.start_error == EACCES);
  const ProcessEnded end = run({.argv = {"/bin/true"}, .environment = {}, .directory = place / "none"}).end;
  CHECK(end.start_error == ENOENT);
  CHECK(end.bad_directory);
}

TEST_CASE("a program is looked up in the PATH of the request", "[process]") {
  CHECK(run({.argv = {"echo", "a  b"}, .environment = {"PATH=/none:/usr/bin:/bin"}, .directory = "/"}).output ==
        "a  b\n");
}

TEST_CASE("a program gets what the request says and nothing else", "[process]") {
  const TemporaryDirectory place;
  ProcessRequest request =
      shell("pwd; echo \"$A\"; cat; env | grep -vE '^(PWD|A|PATH|AME_TREE|_|SHLVL|OLDPWD)='; ls /proc/self/fd | wc -l");
  request.environment.emplace_back("A=1 2");
  request.directory = place.path();
  // ls itself opens the directory that it lists.
  CHECK(run(request).output == place.path().string() + "\n1 2\n4\n");
}

TEST_CASE("a program starts with no signal blocked or ignored", "[process]") {
  const auto hang_up_before = ::signal(SIGHUP, SIG_DFL);
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t blocked;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR1);
  ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
  const Outcome outcome = run({.argv = {"/bin/grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"}, .directory = "/"});
  ::sigprocmask(SIG_UNBLOCK, &blocked, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGHUP, hang_up_before);
  CHECK(outcome.output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_CASE("a program below nohup ignores the end of the terminal, as ame does", "[process]") {
  const auto before = ::signal(SIGHUP, SIG_IGN);
  const Outcome outcome = run({.argv = {"/bin/grep", "SigIgn", "/proc/self/status"}, .directory = "/"});
  ::signal(SIGHUP, before);
  CHECK(outcome.output == "SigIgn:\t0000000000000001\n");
}

TEST_CASE("programs keep the limit of open files that ame was started with", "[process]") {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit low = {.rlim_cur = 256, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &low);
  const Outcome outcome = run(shell("ulimit -Sn"));
  rlimit raised{};
  ::getrlimit(RLIMIT_NOFILE, &raised);
  ::setrlimit(RLIMIT_NOFILE, &before);
  CHECK(outcome.output == "256\n");
  CHECK(raised.rlim_cur == before.rlim_max);
}

TEST_CASE("a background process that still writes is waited for", "[process]") {
  CHECK(run(shell("(read line < /dev/null; printf late) & printf early")).output.size() == 9);
}

TEST_CASE("a process left behind that keeps the output open is ended, and the program with it", "[process]") {
  PosixProcessRunner runner(hasty);
  runner.start(1, shell("sleep 1000 & echo $!"));
  const Outcome outcome = finish(runner);
  CHECK(outcome.end.exit_code == 0);
  CHECK_FALSE(is_alive(std::stoi(outcome.output)));
}

TEST_CASE("a process left behind that will not end is killed", "[process]") {
  PosixProcessRunner runner(hasty);
  runner.start(1, shell("sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' & read x < /dev/null; sleep 0.1"));
  const Outcome outcome = finish(runner);
  CHECK_FALSE(is_alive(std::stoi(outcome.output)));
}

TEST_CASE("a daemon lives until the runner ends", "[process]") {
  pid_t daemon = 0;
  {
    PosixProcessRunner runner;
    runner.start(1, shell("setsid sleep 1000 >/dev/null 2>&1 & echo $!; sleep 0.1"));
    daemon = std::stoi(finish(runner).output);
    CHECK(is_alive(daemon));
  }
  CHECK_FALSE(is_alive(daemon));
  CHECK_FALSE(has_children());
}

TEST_CASE("a signal reaches processes that left the group, the session and their parents", "[process]") {
  PosixProcessRunner runner;
  runner.start(1, shell("setsid sh -c 'setsid sleep 1000 & echo $!' & wait; sleep 1000"));
  const pid_t escaped = std::stoi(first_output(runner));
  REQUIRE(is_alive(escaped));
  runner.signal(1, SIGTERM);
  const ProcessEnded end = finish(runner).end;
  CHECK(end.signal == SIGTERM);
  CHECK_FALSE(is_alive(escaped));
}

TEST_CASE("a signal for one process leaves the daemon of another alone", "[process]") {
  PosixProcessRunner runner;
  runner.start(1, shell("setsid sleep 1000 >/dev/null 2>&1 & echo $!; sleep 0.1"));
  const pid_t daemon = std::stoi(finish(runner).output);
  runner.start(2, shell("echo up; sleep 1000"));
  CHECK(first_output(runner) == "up\n");
  runner.signal(2, SIGKILL);
  CHECK(finish(runner).end.signal == SIGKILL);
  CHECK(is_alive(daemon));
}

TEST_CASE("a killed tree is gone when its end is told", "[process]") {
  PosixProcessRunner runner;
  runner.start(
      1, shell("trap '' TERM; for i in 1 2 3; do setsid sh -c 'trap \"\" TERM; sleep 1000' & done; echo up; wait"));
  CHECK(first_output(runner) == "up\n");
  runner.signal(1, SIGKILL);
  CHECK(finish(runner).end.signal == SIGKILL);
  CHECK_FALSE(has_children());
}

TEST_CASE("a stopped process can be ended", "[process]") {
  PosixProcessRunner runner;
  runner.start(1, shell("echo up; kill -STOP $$; sleep 1000"));
  CHECK(first_output(runner) == "up\n");
  runner.signal(1, SIGTERM);
  CHECK(finish(runner).end.signal == SIGTERM);
}

TEST_CASE("a signal for ame comes as a request to stop", "[process]") {
  PosixProcessRunner runner;
  runner.start(1, shell("sleep 1000"));
  ::kill(::getpid(), SIGINT);
  const ProcessEvent event = runner.wait(std::nullopt);
  REQUIRE(std::holds_alternative<StopRequested>(event));
  CHECK(std::get<StopRequested>(event).signal == SIGINT);
}

TEST_CASE("signals that come together are told one after the other", "[process]") {
  PosixProcessRunner runner;
  runner.start(1, shell("sleep 1000"));
  ::kill(::getpid(), SIGTERM);
  ::kill(::getpid(), SIGINT);
  for (const int signal : {SIGTERM, SIGINT}) {
    const ProcessEvent event = runner.wait(steady_clock::now() + std::chrono::seconds{60});
    REQUIRE(std::holds_alternative<StopRequested>(event));
    CHECK(std::get<StopRequested>(event).signal == signal);
  }
}

TEST_CASE("processes that come and go beside one that stays are told of", "[process]") {
  PosixProcessRunner runner(hasty);
  runner.start(1, shell("echo ready; exec sleep 1000"));
  CHECK(first_output(runner) == "ready\n");
  for (ProcessKey key = 2; key < 40; ++key) {
    runner.start(key, shell("echo " + std::to_string(key)));
    runner.start(key + 100, shell("echo " + std::to_string(key + 100)));
    const Outcome first = finish(runner);
    const Outcome second = finish(runner);
    CHECK(first.end.process + second.end.process == 2 * key + 100);
    CHECK(first.output.size() + second.output.size() == (key < 10 ? 6 : 7));
  }
  runner.signal(1, SIGKILL);
  CHECK(finish(runner).end.process == 1);
}

TEST_CASE("the end of a child that somebody else waits for is left to them", "[process]") {
  const pid_t stranger = ::fork();
  if (stranger == 0) {
    ::_exit(7);
  }
  started_processes().insert(stranger);
  CHECK(run(shell("echo own")).output == "own\n");
  started_processes().erase(stranger);
  int status = 0;
  REQUIRE(::waitpid(stranger, &status, 0) == stranger);
  CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("threads may use a runner one after the other, also for what another one started", "[process]") {
  PosixProcessRunner runner;
  const auto in_a_thread = [](const std::function<void()>& work) { std::thread(work).join(); };
  const auto said_by = [&](ProcessKey key, const std::string& text) {
    Outcome outcome;
    in_a_thread([&] {
      runner.start(key, shell(text));
      outcome = finish(runner);
    });
    return outcome.output;
  };
  CHECK(said_by(1, "echo here") == "here\n");
  CHECK(said_by(2, "echo there") == "there\n");

  const TemporaryDirectory place;
  const std::string pipe = (place / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  runner.start(3, shell("read word < " + pipe + "; echo $word"));
  std::map<ProcessKey, std::string> outputs;
  std::size_t ended = 0;
  in_a_thread([&] {
    runner.start(4, shell("echo word > " + pipe));
    while (ended < 2) {
      const ProcessEvent event = runner.wait(std::nullopt);
      if (const auto* output = std::get_if<ProcessOutput>(&event)) {
        outputs[output->process] += output->bytes;
      } else if (std::holds_alternative<ProcessEnded>(event)) {
        ++ended;
      }
    }
  });
  CHECK(outputs == std::map<ProcessKey, std::string>{{3, "word\n"}});

  bool is_deadline = false;
  Outcome killed;
  in_a_thread([&] {  // with the id of the one before
    runner.start(5, shell("exec sleep 1000"));
    is_deadline = std::holds_alternative<DeadlineReached>(runner.wait(steady_clock::now() + milliseconds{20}));
    runner.signal(5, SIGKILL);
    killed = finish(runner);
  });
  CHECK(is_deadline);
  CHECK(killed.end.signal == SIGKILL);
}

TEST_CASE("each process of many has its own output, and leaves nothing open", "[process]") {
  const auto open_files = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
  };
  PosixProcessRunner runner;
  std::ptrdiff_t open_after_first = 0;
  for (const std::size_t size : {0U, 1U, 70'000U, 0U, 300'000U, 262'144U, 5U, 2'000'000U, 0U, 3U}) {
    runner.start(1, shell("head -c " + std::to_string(size) + " /dev/zero; echo end >&2"));
    const Outcome outcome = finish(runner);
    CHECK(outcome.output == std::string(size, '\0'));
    CHECK(outcome.error_output == "end\n");
    open_after_first = open_after_first == 0 ? open_files() : open_after_first;
    CHECK(open_files() <= open_after_first);
  }
}

TEST_CASE("what a stranger writes to a process that has ended reaches no other", "[process]") {
  PosixProcessRunner runner(hasty);
  runner.start(1, shell("echo $$; kill -STOP $$"));
  const pid_t pid = std::stoi(first_output(runner));
  const FileDescriptor held(::open(("/proc/" + std::to_string(pid) + "/fd/1").c_str(), O_WRONLY | O_CLOEXEC));
  REQUIRE(held.is_open());
  ::kill(pid, SIGKILL);
  CHECK(finish(runner).end.signal == SIGKILL);
  runner.start(1, shell("echo own"));
  ::signal(SIGPIPE, SIG_IGN);
  [[maybe_unused]] const ssize_t written = ::write(held.number(), "strange\n", 8);
  ::signal(SIGPIPE, SIG_DFL);
  CHECK(finish(runner).output == "own\n");
}

TEST_CASE("a deadline passes while a process runs, and without any", "[process]") {
  PosixProcessRunner runner;
  CHECK(std::holds_alternative<DeadlineReached>(runner.wait(steady_clock::now())));
  runner.start(1, shell("sleep 1000"));
  CHECK(std::holds_alternative<DeadlineReached>(runner.wait(steady_clock::now() + milliseconds{1})));
}

TEST_CASE("after a thousand processes, many at once, nothing is left", "[process]") {
  constexpr ProcessKey count = 1000;
  constexpr ProcessKey at_once = 50;
  std::map<ProcessKey, std::string> outputs;
  {
    PosixProcessRunner runner;
    ProcessKey started = 0;
    ProcessKey ended = 0;
    while (ended < count) {
      while (started < count && started - ended < at_once) {
        ++started;
        runner.start(started, {.argv = {"/bin/echo", std::to_string(started)}, .directory = "/"});
      }
      const ProcessEvent event = runner.wait(std::nullopt);
      if (const auto* output = std::get_if<ProcessOutput>(&event)) {
        outputs[output->process] += output->bytes;
      } else if (std::holds_alternative<ProcessEnded>(event)) {
        ++ended;
      }
    }
    CHECK_FALSE(has_children());
  }
  REQUIRE(outputs.size() == count);
  for (const auto& [key, text] : outputs) {
    CHECK(text == std::to_string(key) + "\n");
  }
}

}  // namespace ame

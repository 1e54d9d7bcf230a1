// SPDX-License-Identifier: Apache-2.0
#include "core/system/posix_background.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "core/system/system_call.hpp"

namespace ame {

namespace {

std::string read_all(const FileDescriptor& file) {
  std::string text;
  std::array<char, 4096> block{};
  while (true) {
    const ssize_t count = without_interruption([&] { return ::read(file.number(), block.data(), block.size()); });
    if (count <= 0) {
      return text;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

volatile sig_atomic_t back_of_front = 0;

void pass_on(int signal) {
  if (back_of_front > 0) {
    ::kill(back_of_front, signal);
  }
}

/// As long as it lives, what would stop this process is the back's to hear.
class PassedOn {
 public:
  explicit PassedOn(pid_t back) {
    back_of_front = back;
    struct sigaction action = {};
    // Without SA_RESTART: the thread sanitizer lets a handler run only once the call that it interrupts has ended.
    action.sa_handler = &pass_on;
    for (std::size_t index = 0; index < signals.size(); ++index) {
      ::sigaction(signals[index], &action, &before_[index]);
    }
  }

  PassedOn(const PassedOn&) = delete;
  PassedOn& operator=(const PassedOn&) = delete;

  ~PassedOn() {
    for (std::size_t index = 0; index < signals.size(); ++index) {
      ::sigaction(signals[index], &before_[index], nullptr);
    }
    back_of_front = 0;
  }

 private:
  static constexpr std::array<int, 2> signals = {SIGINT, SIGTERM};
  std::array<struct sigaction, signals.size()> before_{};
};

}  // namespace

Background::Side PosixBackground::split() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw Error(ExitCode::machine, Diagnostic{.message = with_errno("cannot create a pipe", errno)});
  }
  FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  back_ = ::fork();
  if (back_ < 0) {
    throw Error(ExitCode::machine, Diagnostic{.message = with_errno("cannot start a process", errno)});
  }
  if (back_ > 0) {
    line_ = std::move(read_end);
    return Side::front;
  }
  line_ = std::move(write_end);
  ::setsid();
  ::signal(SIGHUP, SIG_IGN);
  return Side::back;
}

void PosixBackground::tell(const std::string& answer) {
  [[maybe_unused]] const int failure = write_all(line_.number(), answer);  // a front that left wants no answer
  line_.close();
  const FileDescriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    ::dup2(nothing.number(), stream);
  }
}

std::variant<std::string, int> PosixBackground::hear() {
  const PassedOn passed_on(back_);
  std::string answer = read_all(line_);
  if (!answer.empty()) {
    return answer;
  }
  int status = 0;
  without_interruption([&] { return ::waitpid(back_, &status, 0); });
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <pty.h>

namespace ame {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{60};

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> entries_of(const std::map<std::string, std::string>& environment) {
  std::vector<std::string> entries;
  for (const auto& [key, value] : environment) {
    entries.push_back(key + "=" + value);
  }
  return entries;
}

[[noreturn]] void become(const ChildRequest& request) {
  std::vector<std::string> words = request.argv;
  std::vector<std::string> entries = entries_of(request.environment);
  if (request.largest_file) {
    const rlimit limit{static_cast<rlim_t>(*request.largest_file), static_cast<rlim_t>(*request.largest_file)};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::signal(SIGXFSZ, SIG_IGN);
  }
  if (::chdir(request.directory.c_str()) == 0) {
    ::execve(words.front().c_str(), pointers_to(words).data(), pointers_to(entries).data());
  }
  ::_exit(127);
}

}  // namespace

Child::Child(const ChildRequest& request) {
  if (request.streams == ChildStreams::terminal) {
    start_on_terminal(request);
  } else {
    start_on_pipes(request);
  }
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      out_descriptor_(std::exchange(other.out_descriptor_, -1)),
      err_descriptor_(std::exchange(other.err_descriptor_, -1)),
      out_(std::move(other.out_)),
      err_(std::move(other.err_)) {}

Child::~Child() {
  if (pid_ > 0) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (const int descriptor : {out_descriptor_, err_descriptor_}) {
    if (descriptor >= 0) {
      ::close(descriptor);
    }
  }
}

void Child::start_on_pipes(const ChildRequest& request) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe");
  }
  pid_ = ::fork();
  if (pid_ == 0) {
    ::setpgid(0, 0);
    ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    become(request);
  }
  ::setpgid(pid_, pid_);
  ::close(out[1]);
  ::close(err[1]);
  out_descriptor_ = out[0];
  err_descriptor_ = err[0];
}

void Child::start_on_terminal(const ChildRequest& request) {
  const winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  pid_ = ::forkpty(&out_descriptor_, nullptr, nullptr, &size);
  if (pid_ == 0) {
    become(request);
  }
  if (pid_ < 0) {
    throw std::runtime_error("no pseudo-terminal");
  }
  ::fcntl(out_descriptor_, F_SETFD, FD_CLOEXEC);
}

bool Child::wait_for(const std::string& text) {
  const auto deadline = SteadyClock::now() + patience;
  const auto is_there = [&] { return out_.find(text) != std::string::npos || err_.find(text) != std::string::npos; };
  while (!is_there() && SteadyClock::now() < deadline) {
    if (!read_some(1000)) {
      break;
    }
  }
  return is_there();
}

void Child::resize(int columns, int rows) {
  const winsize size{.ws_row = static_cast<unsigned short>(rows),
                     .ws_col = static_cast<unsigned short>(columns),
                     .ws_xpixel = 0,
                     .ws_ypixel = 0};
  ::ioctl(out_descriptor_, TIOCSWINSZ, &size);
}

void Child::type(const std::string& keys) {
  const ssize_t written = ::write(out_descriptor_, keys.data(), keys.size());
  if (written != static_cast<ssize_t>(keys.size())) {
    throw std::runtime_error("the terminal takes no keys");
  }
}

void Child::signal_group(int signal) {
  ::kill(-pid_, signal);
}

void Child::signal(int signal) {
  ::kill(pid_, signal);
}

int Child::wait() {
  const auto deadline = SteadyClock::now() + patience;
  while (SteadyClock::now() < deadline && read_some(1000)) {
  }
  if (out_descriptor_ >= 0 || err_descriptor_ >= 0) {
    ::kill(-pid_, SIGKILL);
  }
  int status = 0;
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// False when both streams have ended.
bool Child::read_some(int milliseconds) {
  std::array<pollfd, 2> wanted = {{{out_descriptor_, POLLIN, 0}, {err_descriptor_, POLLIN, 0}}};
  if (out_descriptor_ < 0 && err_descriptor_ < 0) {
    return false;
  }
  ::poll(wanted.data(), wanted.size(), milliseconds);
  if (wanted[0].revents != 0) {
    read_from(out_descriptor_, out_);
  }
  if (wanted[1].revents != 0) {
    read_from(err_descriptor_, err_);
  }
  return true;
}

bool Child::read_from(int& descriptor, std::string& into) {
  std::array<char, 65536> bytes{};
  const ssize_t count = ::read(descriptor, bytes.data(), bytes.size());
  if (count > 0) {
    into.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
  }
  if (count < 0 && errno == EINTR) {
    return true;
  }
  ::close(std::exchange(descriptor, -1));  // EIO is how a terminal ends
  return false;
}

bool is_alive(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(stat, line);
  const std::size_t name_end = line.rfind(')');
  return name_end != std::string::npos && line.substr(name_end + 2, 1) != "Z";
}

}  // namespace ame

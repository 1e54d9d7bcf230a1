// SPDX-License-Identifier: Apache-2.0
#include "core/system/stop_signals.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>

#include "core/system/system_call.hpp"

namespace ame {

namespace {

/// A handler knows nothing but globals.
std::atomic<int> signal_pipe = -1;

void remember_signal(int signal) {
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(signal);
  // A full pipe holds thousands of signals that nobody took yet; one more tells nothing new.
  [[maybe_unused]] const ssize_t written = ::write(signal_pipe.load(), &byte, 1);
  errno = saved;
}

}  // namespace

StopSignals::StopSignals() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    throw Error(ExitCode::machine, Diagnostic{.message = with_errno("cannot create a pipe", errno)});
  }
  read_end_ = FileDescriptor(ends[0]);
  write_end_ = FileDescriptor(ends[1]);
  signal_pipe = ends[1];

  struct sigaction action {};

  action.sa_handler = remember_signal;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    ::sigaction(signals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) {
      ::sigaction(signals[i], &action, nullptr);
    }
  }
}

StopSignals::~StopSignals() {
  for (std::size_t i = 0; i < signals.size(); ++i) {
    ::sigaction(signals[i], &before_[i], nullptr);
  }
  // A request that comes after the end of the run must not end what is left to do.
  ::signal(SIGUSR1, SIG_IGN);
  signal_pipe = -1;
}

std::optional<int> StopSignals::take() {
  unsigned char byte = 0;
  if (without_interruption([&] { return ::read(read_end_.number(), &byte, 1); }) == 1) {
    return byte;
  }
  return std::nullopt;
}

}  // namespace ame

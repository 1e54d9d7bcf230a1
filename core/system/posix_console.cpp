// SPDX-License-Identifier: Apache-2.0
#include "core/system/posix_console.hpp"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "core/system/raw_terminal.hpp"

namespace ame {

namespace {

constexpr int usual_width = 80;
constexpr int usual_height = 24;

int descriptor_of(OutputStream stream) {
  return stream == OutputStream::standard_output ? STDOUT_FILENO : STDERR_FILENO;
}

void wait_until_writable(int descriptor) {
  pollfd wanted{.fd = descriptor, .events = POLLOUT, .revents = 0};
  ::poll(&wanted, 1, -1);
}

}  // namespace

PosixConsole::PosixConsole() {
  ::signal(SIGPIPE, SIG_IGN);
}

void PosixConsole::write(OutputStream stream, std::string_view bytes) {
  Stream& state = state_of(stream);
  while (!bytes.empty() && state.error == 0) {
    const ssize_t written = ::write(descriptor_of(stream), bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_until_writable(descriptor_of(stream));  // somebody we share the terminal with made it non-blocking
    } else if (errno != EINTR) {
      state.error = errno;
    }
  }
}

bool PosixConsole::is_deaf(OutputStream stream) const {
  return state_of(stream).error != 0;
}

bool PosixConsole::is_terminal(OutputStream stream) const {
  return ::isatty(descriptor_of(stream)) == 1;
}

bool PosixConsole::streams_meet() const {
  struct stat output {};

  struct stat error {};

  return ::fstat(STDOUT_FILENO, &output) == 0 && ::fstat(STDERR_FILENO, &error) == 0 && output.st_dev == error.st_dev &&
         output.st_ino == error.st_ino;
}

bool PosixConsole::can_ask() const {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

SecretText PosixConsole::read_input(std::size_t limit) {
  std::array<char, 4096> piece{};
  SecretBuffer input;
  while (input.size() <= limit) {
    const ssize_t count = ::read(STDIN_FILENO, piece.data(), std::min(piece.size(), limit + 1 - input.size()));
    if (count > 0) {
      input.append({piece.data(), static_cast<std::size_t>(count)});
    } else if (count == 0) {
      break;
    } else if (errno != EINTR) {
      throw Error(ExitCode::machine, Diagnostic{.message = with_errno("cannot read standard input", errno)});
    }
  }
  wipe_memory(piece.data(), piece.size());
  return input.take();
}

int PosixConsole::width() const {
  winsize size{};
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
      return size.ws_col;
    }
  }
  return usual_width;
}

int PosixConsole::height() const {
  winsize size{};
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_row > 0) {
      return size.ws_row;
    }
  }
  return usual_height;
}

std::unique_ptr<Keyboard> PosixConsole::open_keyboard() {
  return std::make_unique<RawTerminal>();
}

void PosixConsole::close() {
  if (output_.error != 0 && output_.error != EPIPE) {
    throw Error(ExitCode::machine, Diagnostic{.message = with_errno("cannot write to standard output", output_.error)});
  }
}

}  // namespace ame

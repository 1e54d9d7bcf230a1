// SPDX-License-Identifier: Apache-2.0
#include "core/system/raw_terminal.hpp"

#include <errno.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>

#include "core/model/secret_text.hpp"

namespace ame {

namespace {

constexpr std::array<int, 4> ending_signals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

// A signal handler can reach nothing else.
termios settings_before{};
std::array<struct sigaction, ending_signals.size()> actions_before{};

constexpr char show_cursor[] = "\033[?25h";

void put_back() {
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &settings_before);
}

void put_back_and_end(int signal) {
  put_back();
  const ssize_t ignored = ::write(STDERR_FILENO, show_cursor, sizeof show_cursor - 1);
  (void)ignored;
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace

RawTerminal::RawTerminal() {
  ::tcgetattr(STDIN_FILENO, &settings_before);

  struct sigaction action {};

  action.sa_handler = put_back_and_end;
  for (std::size_t i = 0; i < ending_signals.size(); ++i) {
    ::sigaction(ending_signals[i], &action, &actions_before[i]);
  }
  termios raw = settings_before;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
  raw.c_iflag &= ~static_cast<tcflag_t>(IXON | ICRNL);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

RawTerminal::~RawTerminal() {
  put_back();
  for (std::size_t i = 0; i < ending_signals.size(); ++i) {
    ::sigaction(ending_signals[i], &actions_before[i], nullptr);
  }
}

std::string RawTerminal::read() {
  std::array<char, 64> keys{};
  for (;;) {
    const ssize_t count = ::read(STDIN_FILENO, keys.data(), keys.size());
    if (count > 0) {
      std::string pressed(keys.data(), static_cast<std::size_t>(count));
      wipe_memory(keys.data(), keys.size());
      return pressed;
    }
    if (count == 0 || errno != EINTR) {
      return {};
    }
  }
}

}  // namespace ame

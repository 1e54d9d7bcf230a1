// SPDX-License-Identifier: Apache-2.0
#include "cli/render/prompt.hpp"

#include <string>
#include <utility>

namespace ame::cli {

namespace {

constexpr char control_c = 0x03;
constexpr char control_d = 0x04;
constexpr char backspace = 0x08;
constexpr char control_u = 0x15;
constexpr char escape = 0x1B;
constexpr char rubout = 0x7F;

/// Bytes behind the first one of a character in UTF-8.
bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

Prompt::Prompt(Terminal& terminal)
    : terminal_(terminal),
      keyboard_(terminal.console().open_keyboard()) {}

std::optional<SecretText> Prompt::ask(std::string_view question, Echo echo) {
  terminal_.say(question);
  SecretBuffer line;
  while (true) {
    if (taken_ == ahead_.size()) {
      std::string keys = keyboard_->read();
      if (keys.empty()) {
        terminal_.say("\n");
        return std::nullopt;
      }
      ahead_ = SecretText(keys);
      taken_ = 0;
      wipe(keys);
    }
    const Result result = take(line, echo);
    if (result == Result::more) {
      continue;
    }
    terminal_.say("\n");
    return result == Result::done ? std::optional(line.take()) : std::nullopt;
  }
}

/// One key.
Prompt::Result Prompt::take(SecretBuffer& line, Echo echo) {
  const char key = ahead_.reveal()[taken_++];
  switch (key) {
    case '\r':
    case '\n':
      return Result::done;
    case control_c:
      return Result::left;
    case control_d:
      return line.size() == 0 ? Result::left : Result::more;
    case escape: {
      const bool is_alone = taken_ == ahead_.size();
      taken_ = ahead_.size();  // an arrow or another key that means nothing here
      return is_alone ? Result::left : Result::more;
    }
    case backspace:
    case rubout:
      erase_last(line, echo);
      return Result::more;
    case control_u:
      while (line.size() > 0) {
        erase_last(line, echo);
      }
      return Result::more;
    default:
      break;
  }
  line.push_back(key);
  if (echo == Echo::shown) {
    terminal_.say({&key, 1});
  }
  return Result::more;
}

void Prompt::erase_last(SecretBuffer& line, Echo echo) {
  if (line.size() == 0) {
    return;
  }
  std::size_t size = line.size() - 1;
  while (size > 0 && continues_character(line.reveal()[size])) {
    --size;
  }
  line.shrink(size);
  if (echo == Echo::shown) {
    terminal_.say("\b \b");
  }
}

}  // namespace ame::cli

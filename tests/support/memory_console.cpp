// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_console.hpp"

#include <utility>

namespace ame {

namespace {

class ScriptedKeyboard final : public Keyboard {
 public:
  explicit ScriptedKeyboard(MemoryConsole& console)
      : console_(console) {
    ++console_.open_keyboards;
  }

  ScriptedKeyboard(const ScriptedKeyboard&) = delete;
  ScriptedKeyboard& operator=(const ScriptedKeyboard&) = delete;

  ~ScriptedKeyboard() override { --console_.open_keyboards; }

  std::string read() override {
    if (console_.keys.empty()) {
      return {};
    }
    std::string key = std::move(console_.keys.front());
    console_.keys.pop_front();
    return key;
  }

 private:
  MemoryConsole& console_;
};

}  // namespace

void MemoryConsole::write(OutputStream stream, std::string_view bytes) {
  (stream == OutputStream::standard_output ? out : err) += bytes;
}

bool MemoryConsole::is_deaf(OutputStream /*stream*/) const {
  return deaf;
}

bool MemoryConsole::is_terminal(OutputStream /*stream*/) const {
  return is_a_terminal;
}

bool MemoryConsole::streams_meet() const {
  return meet || is_a_terminal;
}

bool MemoryConsole::can_ask() const {
  return is_a_terminal;
}

SecretText MemoryConsole::read_input(std::size_t limit) {
  return SecretText(std::string_view(input).substr(0, limit + 1));
}

int MemoryConsole::width() const {
  return columns;
}

std::unique_ptr<Keyboard> MemoryConsole::open_keyboard() {
  return std::make_unique<ScriptedKeyboard>(*this);
}

}  // namespace ame

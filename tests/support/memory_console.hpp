// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>

#include "core/ports/console.hpp"

namespace ame {

/// Keeps what is written; `is_a_terminal`, `columns` and `keys` script the person in front of it.
class MemoryConsole final : public Console {
 public:
  bool is_a_terminal = false;
  bool meet = false;
  int columns = 80;
  int rows = 24;
  std::deque<std::string> keys;  ///< what `read` gives, one after the other; then the end of input
  std::string input;             ///< what standard input holds
  bool deaf = false;
  std::string out;
  std::string err;

  void write(OutputStream stream, std::string_view bytes) override;
  [[nodiscard]] bool is_deaf(OutputStream stream) const override;
  [[nodiscard]] bool is_terminal(OutputStream stream) const override;
  [[nodiscard]] bool streams_meet() const override;
  [[nodiscard]] bool can_ask() const override;
  SecretText read_input(std::size_t limit) override;
  [[nodiscard]] int width() const override;

  [[nodiscard]] int height() const override { return rows; }

  std::unique_ptr<Keyboard> open_keyboard() override;

  void close() override {}

  /// How many keyboards are open: 0 when the terminal is as it was.
  int open_keyboards = 0;
};

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/model/secret_text.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

/// Keys, one by one and unechoed. While it lives the terminal is raw; it is put back when this ends, and when a signal
/// ends the process.
class Keyboard {
 public:
  virtual ~Keyboard() = default;

  /// Blocks for the next bytes: usually one key, an escape sequence as a whole. Empty at the end of input.
  virtual std::string read() = 0;
};

/// The terminal or the pipes in front of the user.
class Console {
 public:
  virtual ~Console() = default;

  /// All bytes, at once. Never throws: after a failure the stream is deaf, and `close` tells.
  virtual void write(OutputStream stream, std::string_view bytes) = 0;

  /// Nobody reads the stream any more; going on for its sake is useless.
  [[nodiscard]] virtual bool is_deaf(OutputStream stream) const = 0;

  [[nodiscard]] virtual bool is_terminal(OutputStream stream) const = 0;

  /// What is written to both streams comes to the same place: one terminal, pipe or file.
  [[nodiscard]] virtual bool streams_meet() const = 0;

  /// A person can be asked: standard input and standard error are terminals.
  [[nodiscard]] virtual bool can_ask() const = 0;

  /// Standard input to its end, but at most one byte more than `limit`: who gets that knows that it is too long.
  /// Throws Error(machine) when it cannot be read.
  virtual SecretText read_input(std::size_t limit) = 0;

  /// Columns of the terminal; 80 where there is none.
  [[nodiscard]] virtual int width() const = 0;

  /// Rows of the terminal; 24 where there is none.
  [[nodiscard]] virtual int height() const = 0;

  /// Requires can_ask().
  virtual std::unique_ptr<Keyboard> open_keyboard() = 0;

  /// Throws Error(machine) when something written did not arrive, for another reason than a reader that left.
  virtual void close() = 0;
};

}  // namespace ame

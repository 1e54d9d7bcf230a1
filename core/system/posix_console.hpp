// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "core/ports/console.hpp"

namespace ame {

/// The three standard streams of this process.
class PosixConsole final : public Console {
 public:
  /// From here on a reader that leaves is an error of the write, not the end of this process.
  PosixConsole();

  void write(OutputStream stream, std::string_view bytes) override;
  [[nodiscard]] bool is_deaf(OutputStream stream) const override;
  [[nodiscard]] bool is_terminal(OutputStream stream) const override;
  [[nodiscard]] bool streams_meet() const override;
  [[nodiscard]] bool can_ask() const override;
  SecretText read_input(std::size_t limit) override;
  [[nodiscard]] int width() const override;
  [[nodiscard]] int height() const override;
  std::unique_ptr<Keyboard> open_keyboard() override;
  void close() override;

 private:
  struct Stream {
    int error = 0;  ///< errno of the write that failed
  };

  Stream& state_of(OutputStream stream) { return stream == OutputStream::standard_output ? output_ : error_; }

  [[nodiscard]] const Stream& state_of(OutputStream stream) const {
    return stream == OutputStream::standard_output ? output_ : error_;
  }

  Stream output_;
  Stream error_;
};

}  // namespace ame

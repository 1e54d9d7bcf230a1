// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "cli/render/terminal.hpp"
#include "core/model/secret_text.hpp"

namespace ame::cli {

enum class Echo { shown, hidden };

/// Asks a person for lines, one after the other. What is typed or pasted ahead goes to the next question.
class Prompt {
 public:
  /// Requires that somebody can be asked.
  explicit Prompt(Terminal& terminal);

  /// None when the person left, with Ctrl-C, Ctrl-D or Escape.
  std::optional<SecretText> ask(std::string_view question, Echo echo);

 private:
  enum class Result { more, done, left };

  Result take(SecretBuffer& line, Echo echo);
  void erase_last(SecretBuffer& line, Echo echo);

  Terminal& terminal_;
  std::unique_ptr<Keyboard> keyboard_;
  SecretText ahead_;       ///< read and not taken yet
  std::size_t taken_ = 0;  ///< of it
};

}  // namespace ame::cli

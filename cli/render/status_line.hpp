// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/render/terminal.hpp"

namespace ame::cli {

/// The last line of a terminal, which is redrawn while others scroll above it. Does nothing without a terminal.
class StatusLine {
 public:
  explicit StatusLine(Terminal& terminal);

  /// Draws `text`, cut to the width.
  void show(const std::string& text);

  /// Before anything else is written.
  void hide();

 private:
  Terminal& terminal_;
  bool works_;
  bool is_shown_ = false;
};

}  // namespace ame::cli

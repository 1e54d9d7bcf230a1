// SPDX-License-Identifier: Apache-2.0
#include "cli/render/status_line.hpp"

#include "cli/render/text_width.hpp"

namespace ame::cli {

StatusLine::StatusLine(Terminal& terminal)
    : terminal_(terminal),
      works_(terminal.talk() != Talk::quiet && terminal.can_redraw()) {}

void StatusLine::show(const std::string& text) {
  if (works_) {
    const int width = terminal_.console().width();
    terminal_.say("\r\033[2K" + terminal_.say_paint()(Style::dim, cut_to(text, width - 1)));
    is_shown_ = true;
  }
}

void StatusLine::hide() {
  if (is_shown_) {
    terminal_.say("\r\033[2K");
    is_shown_ = false;
  }
}

}  // namespace ame::cli

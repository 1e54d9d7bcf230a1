// SPDX-License-Identifier: Apache-2.0
#include "cli/render/terminal.hpp"

namespace ame::cli {

namespace {

std::string_view code_of(Style style) {
  switch (style) {
    case Style::plain:
      return "";
    case Style::bold:
      return "\033[1m";
    case Style::dim:
      return "\033[2m";
    case Style::error:
      return "\033[1;31m";
    case Style::warning:
      return "\033[1;33m";
    case Style::note:
      return "\033[1;36m";
    case Style::hint:
      return "\033[36m";
    case Style::good:
      return "\033[32m";
    case Style::place:
      return "\033[34m";
  }
  return "";
}

Painter::Colour colour_for(const ColourWishes& wishes, bool terminal) {
  if (wishes.never || wishes.always) {
    return wishes.never ? Painter::Colour::off : Painter::Colour::on;
  }
  if (!wishes.no_color.empty()) {
    return Painter::Colour::off;
  }
  if (!wishes.force_color.empty() && wishes.force_color != "0") {
    return Painter::Colour::on;
  }
  return terminal && wishes.term != "dumb" ? Painter::Colour::on : Painter::Colour::off;
}

}  // namespace

std::string Painter::operator()(Style style, std::string_view text) const {
  if (colour_ == Colour::off || style == Style::plain || text.empty()) {
    return std::string(text);
  }
  std::string painted(code_of(style));
  painted += text;
  painted += "\033[0m";
  return painted;
}

Terminal::Terminal(Console& console)
    : console_(&console) {}

void Terminal::choose_colours(const ColourWishes& wishes) {
  answer_paint_ = Painter(colour_for(wishes, console_->is_terminal(OutputStream::standard_output)));
  say_paint_ = Painter(colour_for(wishes, console_->is_terminal(OutputStream::standard_error)));
  can_redraw_ =
      wishes.term != "dumb" && console_->is_terminal(OutputStream::standard_error) && console_->streams_meet();
}

void Terminal::remark(std::string_view text) {
  if (talk_ != Talk::quiet) {
    say(text);
  }
}

void Terminal::explain(std::string_view text) {
  if (talk_ == Talk::verbose) {
    say(text);
  }
}

}  // namespace ame::cli

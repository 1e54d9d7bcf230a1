// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/ports/console.hpp"

namespace ame::cli {

enum class Style { plain, bold, dim, error, warning, note, hint, good, place };

/// Text in a style, or as it is.
class Painter {
 public:
  enum class Colour { off, on };

  explicit Painter(Colour colour)
      : colour_(colour) {}

  [[nodiscard]] std::string operator()(Style style, std::string_view text) const;

  [[nodiscard]] bool is_on() const { return colour_ == Colour::on; }

 private:
  Colour colour_;
};

/// What decides on colour, the strongest first: the options, NO_COLOR, FORCE_COLOR, TERM, and whether it is a terminal.
struct ColourWishes {
  bool always = false;  ///< --color
  bool never = false;   ///< --no-color
  std::string no_color;
  std::string force_color;
  std::string term;
};

enum class Talk { quiet, normal, verbose };

/// Where the answer (standard output) and the conversation (standard error) of a command go, and how they look.
class Terminal {
 public:
  explicit Terminal(Console& console);

  void choose_colours(const ColourWishes& wishes);

  void choose_talk(Talk talk) { talk_ = talk; }

  /// What was asked for.
  void answer(std::string_view text) { console_->write(OutputStream::standard_output, text); }

  /// Errors, warnings, questions: what a person must see.
  void say(std::string_view text) { console_->write(OutputStream::standard_error, text); }

  /// What a person may like to see; silent with --quiet.
  void remark(std::string_view text);

  /// Only with --verbose.
  void explain(std::string_view text);

  /// A line can be drawn again: both streams are the same kind of terminal, and it understands how.
  [[nodiscard]] bool can_redraw() const { return can_redraw_; }

  [[nodiscard]] Talk talk() const { return talk_; }

  /// Whether remarks are seen at all.
  [[nodiscard]] bool is_talkative() const { return talk_ != Talk::quiet; }

  [[nodiscard]] const Painter& answer_paint() const { return answer_paint_; }

  [[nodiscard]] const Painter& say_paint() const { return say_paint_; }

  [[nodiscard]] Console& console() const { return *console_; }

 private:
  Console* console_;
  Painter answer_paint_{Painter::Colour::off};
  Painter say_paint_{Painter::Colour::off};
  Talk talk_ = Talk::normal;
  bool can_redraw_ = false;
};

}  // namespace ame::cli

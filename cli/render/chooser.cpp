// SPDX-License-Identifier: Apache-2.0
#include "cli/render/chooser.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include <fmt/format.h>

#include "cli/render/text_width.hpp"

namespace ame::cli {

namespace {

constexpr std::size_t rows_shown = 10;

enum class Key { character, enter, up, down, erase, clear, leave, other };

struct Pressed {
  Key key = Key::other;
  std::size_t size = 1;  ///< bytes it takes
};

/// Length of an escape sequence: "ESC [ … letter" or "ESC O letter".
std::size_t sequence_size(std::string_view bytes) {
  if (bytes.size() < 3 || (bytes[1] != '[' && bytes[1] != 'O')) {
    return 1;
  }
  std::size_t end = 2;
  while (end + 1 < bytes.size() && (std::isalpha(static_cast<unsigned char>(bytes[end])) == 0) && bytes[end] != '~') {
    ++end;
  }
  return end + 1;
}

Pressed escape_at(std::string_view bytes) {
  const std::size_t size = sequence_size(bytes);
  if (size == 1) {
    return {Key::leave, bytes.size()};
  }
  switch (bytes[size - 1]) {
    case 'A':
      return {Key::up, size};
    case 'B':
      return {Key::down, size};
    default:
      return {Key::other, size};
  }
}

/// Requires bytes.
Pressed key_at(std::string_view bytes) {
  constexpr char control_c = 0x03;
  constexpr char control_d = 0x04;
  constexpr char control_n = 0x0E;
  constexpr char control_p = 0x10;
  constexpr char control_u = 0x15;
  switch (bytes.front()) {
    case '\r':
    case '\n':
      return {Key::enter};
    case '\x7F':
    case '\b':
      return {Key::erase};
    case control_c:
    case control_d:
      return {Key::leave};
    case control_n:
      return {Key::down};
    case control_p:
      return {Key::up};
    case control_u:
      return {Key::clear};
    case '\033':
      return escape_at(bytes);
    default:
      break;
  }
  const Character character = character_at(bytes, 0);
  const bool is_text = character.valid && character.code_point >= 0x20;
  return {is_text ? Key::character : Key::other, character.size};
}

bool holds(std::string_view text, std::string_view wanted) {
  return !std::ranges::search(
              text,
              wanted,
              [](unsigned char left, unsigned char right) { return std::tolower(left) == std::tolower(right); })
              .empty() ||
         wanted.empty();
}

/// What is typed and marked so far.
class Selection {
 public:
  explicit Selection(const std::vector<Choice>& choices)
      : choices_(choices) {
    filter();
  }

  void type(std::string_view text) {
    typed_ += text;
    filter();
  }

  void erase() {
    while (!typed_.empty() && (static_cast<unsigned char>(typed_.back()) & 0xC0U) == 0x80U) {
      typed_.pop_back();
    }
    if (!typed_.empty()) {
      typed_.pop_back();
    }
    filter();
  }

  void clear() {
    typed_.clear();
    filter();
  }

  void move(Key key) {
    if (!matches_.empty()) {
      const std::size_t step = key == Key::down ? 1 : matches_.size() - 1;
      marked_ = (marked_ + step) % matches_.size();
    }
  }

  [[nodiscard]] std::optional<std::size_t> marked() const {
    return matches_.empty() ? std::nullopt : std::optional(matches_[marked_]);
  }

  [[nodiscard]] const std::string& typed() const { return typed_; }

  [[nodiscard]] const std::vector<std::size_t>& matches() const { return matches_; }

  /// The first of the matches that is in sight.
  [[nodiscard]] std::size_t first_shown() const {
    return marked_ < rows_shown ? 0 : std::min(marked_ + 1, matches_.size()) - rows_shown;
  }

 private:
  void filter() {
    matches_.clear();
    marked_ = 0;
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      if (holds(choices_[i].label, typed_)) {
        matches_.push_back(i);
      }
    }
  }

  const std::vector<Choice>& choices_;
  std::string typed_;
  std::vector<std::size_t> matches_;
  std::size_t marked_ = 0;
};

/// Draws below the line of the question, and leaves the cursor behind what is typed.
void draw(Terminal& terminal,
          const std::string& question,
          const std::vector<Choice>& choices,
          const Selection& selection) {
  const Painter& paint = terminal.say_paint();
  const int width = std::max(terminal.console().width() - 1, 20);
  int label_width = 0;
  for (const Choice& choice : choices) {
    label_width = std::max(label_width, columns_of(visible(choice.label)));
  }
  std::string out = "\r\033[J" + paint(Style::bold, question) + " " + visible(selection.typed());
  const std::size_t first = selection.first_shown();
  const std::size_t last = std::min(first + rows_shown, selection.matches().size());
  for (std::size_t row = first; row < last; ++row) {
    const Choice& choice = choices[selection.matches()[row]];
    const std::string label = visible(choice.label);
    const std::string gap(static_cast<std::size_t>(label_width - columns_of(label)) + 2, ' ');
    const bool is_marked = selection.marked() == selection.matches()[row];
    const std::string detail = visible(choice.detail);
    const std::string line = (is_marked ? "> " : "  ") + label + (detail.empty() ? "" : gap + detail);
    out += "\r\n" + paint(is_marked ? Style::note : Style::plain, cut_to(line, width));
  }
  std::size_t below = last - first;
  if (below < selection.matches().size() || selection.matches().empty()) {
    out += "\r\n" + paint(Style::dim, fmt::format("  {} of {}", selection.matches().size(), choices.size()));
    ++below;
  }
  const int column = columns_of(question) + 1 + columns_of(visible(selection.typed()));
  out += fmt::format("\033[{}A\r\033[{}C", below, column);
  terminal.say(out);
}

enum class Outcome { goes_on, chosen, left };

Outcome press(Selection& selection, const Pressed& pressed, std::string_view bytes) {
  switch (pressed.key) {
    case Key::character:
      selection.type(bytes.substr(0, pressed.size));
      return Outcome::goes_on;
    case Key::erase:
      selection.erase();
      return Outcome::goes_on;
    case Key::clear:
      selection.clear();
      return Outcome::goes_on;
    case Key::up:
    case Key::down:
      selection.move(pressed.key);
      return Outcome::goes_on;
    case Key::enter:
      return selection.marked() ? Outcome::chosen : Outcome::goes_on;
    case Key::leave:
      return Outcome::left;
    case Key::other:
      return Outcome::goes_on;
  }
  return Outcome::goes_on;
}

}  // namespace

std::optional<std::size_t> choose(Terminal& terminal, const std::string& question, const std::vector<Choice>& choices) {
  const auto keyboard = terminal.console().open_keyboard();
  Selection selection(choices);
  Outcome outcome = Outcome::goes_on;
  while (outcome == Outcome::goes_on) {
    draw(terminal, question, choices, selection);
    const std::string keys = keyboard->read();
    std::string_view rest = keys;
    outcome = rest.empty() ? Outcome::left : outcome;
    while (!rest.empty() && outcome == Outcome::goes_on) {
      const Pressed pressed = key_at(rest);
      outcome = press(selection, pressed, rest);
      rest.remove_prefix(std::min(pressed.size, rest.size()));
    }
  }
  terminal.say("\r\033[J");
  return outcome == Outcome::chosen ? selection.marked() : std::nullopt;
}

}  // namespace ame::cli

// SPDX-License-Identifier: Apache-2.0
#include "core/formats/json_mistakes.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/formats/text_check.hpp"
#include "core/formats/yaml_places.hpp"

namespace ame {
namespace {

constexpr std::string_view blanks = " \t\r\n";

/// The end of what a reader would call a word at `at`.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
    const std::size_t end = end_of_quoted(text, at);
    return std::min({end, text.find('\n', at), text.size()});
  }
  const std::size_t end = std::min(text.find_first_of(" \t\r\n,:[]{}\"", at), text.size());
  return std::max(end, std::min(at + 1, text.size()));
}

class JsonScene {
 public:
  JsonScene(const SourceText& source, const JsonStop& stop)
      : source_(source),
        text_(source.text),
        stop_(stop),
        right_until_(std::min(stop.right_until, text_.size())),
        stopped_at_(std::min(stop.stopped_at, text_.size())) {
    find_word();
  }

  [[nodiscard]] Diagnostic explained() const {
    if (word_.empty()) {
      return at_end();
    }
    if (text_[last_] == ',' && (word_ == "}" || word_ == "]")) {
      return at(last_, 1, fmt::format("a comma stands before `{}`", word_), "remove the comma");
    }
    if (word_.front() == '\'') {
      return at_word("JSON knows only double quotes", fmt::format("write `\"{}\"`", trimmed_quotes()));
    }
    if (word_.starts_with("//") || word_.starts_with("/*") || word_.front() == '#') {
      return at_word("JSON knows no comments", "remove it");
    }
    if (word_.front() == '"' && !has_closing_quote()) {
      return at_word("this quote is not closed on its line", "close it with `\"`; a line end inside is written `\\n`");
    }
    if (stop_.is_too_large) {
      return at_word(fmt::format("{} is too large a number", shown()), "write it in double quotes, as a text");
    }
    if (stop_.is_after_end) {
      return at_word("text after the end of the document", "remove it");
    }
    if (follows_value() && stop_.is_after_key) {
      return at_word(fmt::format("{} is not expected here", shown()), "a `:` may be missing after the key");
    }
    if (follows_value() && is_value_start(word_.front())) {
      return comma_missing();
    }
    if (word_.front() == '"') {
      return inside_string();
    }
    return at_word(fmt::format("{} is not expected here", shown()), hint_for_word());
  }

 private:
  /// The word that the parser could not use, and the character before it. A comma or colon that was right is before.
  void find_word() {
    const bool is_end = text_.find_first_not_of(blanks, right_until_) == std::string_view::npos;
    const std::size_t before_stop = stopped_at_ == 0 ? 0 : stopped_at_ - 1;
    const std::size_t right_until = is_end ? right_until_ : std::min(right_until_, before_stop);
    begin_ = std::min(text_.find_first_not_of(blanks, right_until), text_.size());
    last_ = right_until == 0 ? 0 : right_until - 1;
    while (begin_ < text_.size() && (text_[begin_] == ',' || text_[begin_] == ':') && begin_ + 1 < stopped_at_) {
      last_ = begin_;
      begin_ = std::min(text_.find_first_not_of(blanks, begin_ + 1), text_.size());
    }
    word_ = text_.substr(begin_, end_of_word(text_, begin_) - begin_);
  }

  [[nodiscard]] Diagnostic at(std::size_t offset, std::size_t bytes, std::string message, std::string hint) const {
    return {.message = std::move(message), .where = span_at(source_, offset, bytes), .hint = std::move(hint)};
  }

  [[nodiscard]] Diagnostic at_word(std::string message, std::string hint) const {
    return at(begin_, word_.size(), std::move(message), std::move(hint));
  }

  [[nodiscard]] Diagnostic at_end() const {
    if (text_.find_first_not_of(blanks) == std::string_view::npos) {
      return {.message = "the file is empty", .where = SourceSpan{.file = source_.file}, .hint = "write at least `{}`"};
    }
    return at(last_, 1, "the file ends too early", "a closing `}`, `]` or quote is missing");
  }

  [[nodiscard]] bool follows_value() const { return right_until_ > 0 && last_ < begin_ && is_value_end(text_[last_]); }

  [[nodiscard]] bool has_closing_quote() const {
    const std::size_t end = end_of_quoted(text_, begin_);
    return end <= text_.size() && text_.substr(begin_, end - begin_).find('\n') == std::string_view::npos;
  }

  [[nodiscard]] Diagnostic comma_missing() const {
    const int line = span_at(source_, last_).line;
    const bool same_line = line == span_at(source_, begin_).line;
    return at_word(fmt::format("{} is not expected here", shown()),
                   same_line ? "a comma may be missing before it"
                             : fmt::format("a comma may be missing at the end of line {}", line));
  }

  [[nodiscard]] Diagnostic inside_string() const {
    const std::size_t bad = std::clamp(stopped_at_ - 1, begin_, begin_ + word_.size() - 1);
    const std::size_t slash = text_.rfind('\\', bad);
    if (slash == std::string_view::npos || slash < begin_) {
      return at(bad, 1, "this character cannot stand in a JSON text", "write it as an escape such as `\\t`");
    }
    constexpr std::size_t unicode_escape = 6;
    const bool is_unicode = text_.substr(slash, 2) == "\\u";
    const std::string_view escape = text_.substr(slash, is_unicode ? unicode_escape : 2);
    if (is_unicode) {
      return at(slash, escape.size(), fmt::format("`{}` is no character", escape), "write the character itself");
    }
    return at(slash,
              escape.size(),
              fmt::format("`{}` is no escape that JSON knows", escape),
              fmt::format("write `\\{}` for a backslash", escape));
  }

  [[nodiscard]] std::string shown() const {
    constexpr std::size_t longest = 40;
    return word_.size() > longest ? "this" : fmt::format("`{}`", word_);
  }

  [[nodiscard]] std::string_view trimmed_quotes() const {
    const std::string_view inside = word_.substr(1);
    return inside.ends_with('\'') ? inside.substr(0, inside.size() - 1) : inside;
  }

  [[nodiscard]] std::string hint_for_word() const {
    if (word_ == "True" || word_ == "False" || word_ == "None" || word_ == "NULL" || word_ == "nil") {
      return word_ == "True" ? "write `true`" : word_ == "False" ? "write `false`" : "write `null`";
    }
    if (follows_value()) {
      return "expected a comma or the end";
    }
    if (std::isalpha(static_cast<unsigned char>(word_.front())) != 0) {
      return fmt::format("a text needs double quotes: `\"{}\"`", word_);
    }
    return text_[last_] == '{' || text_[last_] == ',' ? "expected a key in double quotes or a value"
                                                      : "expected a value";
  }

  static bool is_value_end(char letter) {
    return letter == '"' || letter == '}' || letter == ']' || std::isalnum(static_cast<unsigned char>(letter)) != 0;
  }

  static bool is_value_start(char letter) {
    return letter == '"' || letter == '{' || letter == '[' || letter == '-' ||
           std::isalnum(static_cast<unsigned char>(letter)) != 0;
  }

  const SourceText& source_;
  std::string_view text_;
  JsonStop stop_;
  std::size_t right_until_;
  std::size_t stopped_at_;
  std::size_t begin_ = 0;
  std::size_t last_ = 0;
  std::string_view word_;
};

}  // namespace

Diagnostic explained_json(const SourceText& source, const JsonStop& stop) {
  return JsonScene(source, stop).explained();
}

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#include "executors/dotenv.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace ame::executors {
namespace {

bool is_blank(char letter) {
  return letter == ' ' || letter == '\t';
}

bool is_name_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' || letter == '.' || letter == '-';
}

std::string unescaped(std::string_view text, char quote) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      plain += text[at];
      continue;
    }
    const char next = text[++at];
    if (next == '\\' || next == quote) {
      plain += next;
    } else if (quote == '"' && std::string_view("nrtabfv").find(next) != std::string_view::npos) {
      constexpr std::string_view names = "nrtabfv";
      constexpr std::string_view values = "\n\r\t\a\b\f\v";
      plain += values[names.find(next)];
    } else {
      plain += '\\';
      plain += next;
    }
  }
  return plain;
}

class DotenvReader {
 public:
  explicit DotenvReader(std::string_view text)
      : text_(text) {}

  DotenvFile read() {
    while (at_ < text_.size()) {
      read_binding();
      skip_line();
    }
    return std::move(file_);
  }

 private:
  void read_binding() {
    skip_while([](char letter) { return is_blank(letter) || letter == '\n' || letter == '\r'; });
    if (text_.substr(at_).starts_with("export ")) {
      at_ += 7;
      skip_while(is_blank);
    }
    const std::string name = take_name();
    skip_while(is_blank);
    if (name.empty() || at_ == text_.size() || text_[at_] != '=') {
      return;
    }
    ++at_;
    skip_while(is_blank);
    const std::optional<std::string> value = take_value();
    if (value) {
      set(name, filled_in(*value));
    }
  }

  std::string take_name() {
    if (at_ < text_.size() && text_[at_] == '\'') {
      const std::size_t end = text_.find('\'', at_ + 1);
      if (end == std::string_view::npos) {
        return {};
      }
      std::string name(text_.substr(at_ + 1, end - at_ - 1));
      at_ = end + 1;
      return name;
    }
    const std::size_t begin = at_;
    skip_while(is_name_letter);
    return std::string(text_.substr(begin, at_ - begin));
  }

  /// None where a quote is not closed.
  std::optional<std::string> take_value() {
    const char quote = at_ < text_.size() ? text_[at_] : '\n';
    if (quote != '\'' && quote != '"') {
      return take_bare_value();
    }
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != quote) {
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    if (at_ >= text_.size()) {
      at_ = std::min(at_, text_.size());
      return std::nullopt;
    }
    return unescaped(text_.substr(begin, at_++ - begin), quote);
  }

  std::string take_bare_value() {
    std::string_view line = text_.substr(at_, text_.find_first_of("\r\n", at_) - at_);
    at_ += line.size();
    for (std::size_t hash = line.find('#'); hash != std::string_view::npos; hash = line.find('#', hash + 1)) {
      if (hash == 0 || is_blank(line[hash - 1])) {
        line = line.substr(0, hash);
        break;
      }
    }
    while (!line.empty() && is_blank(line.back())) {
      line.remove_suffix(1);
    }
    return std::string(line);
  }

  /// `${NAME}` and `${NAME:-otherwise}`.
  std::string filled_in(std::string_view text) {
    std::string filled;
    while (true) {
      const std::size_t open = text.find("${");
      const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
      if (close == std::string_view::npos) {
        return filled.append(text);
      }
      filled += text.substr(0, open);
      const std::string_view inside = text.substr(open + 2, close - open - 2);
      const std::size_t mark = inside.find(":-");
      const std::string name(inside.substr(0, mark));
      const std::string* const known = find(name);
      if (known != nullptr) {
        filled += *known;
      } else if (mark != std::string_view::npos) {
        filled += inside.substr(mark + 2);
      } else {
        file_.unknown.push_back(name);
      }
      text.remove_prefix(close + 1);
    }
  }

  [[nodiscard]] const std::string* find(const std::string& name) const {
    for (const EnvironmentVariable& variable : file_.variables) {
      if (variable.key == name) {
        return &variable.value;
      }
    }
    return nullptr;
  }

  void set(const std::string& name, std::string value) {
    std::erase_if(file_.variables, [&name](const EnvironmentVariable& variable) { return variable.key == name; });
    file_.variables.push_back({.key = name, .value = std::move(value)});
  }

  template <class Wanted>
  void skip_while(Wanted wanted) {
    while (at_ < text_.size() && wanted(text_[at_])) {
      ++at_;
    }
  }

  void skip_line() {
    at_ = std::min(text_.find('\n', at_), text_.size());
    at_ += at_ < text_.size() ? 1 : 0;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  DotenvFile file_;
};

}  // namespace

DotenvFile parse_dotenv(std::string_view text) {
  return DotenvReader(text).read();
}

}  // namespace ame::executors

// SPDX-License-Identifier: Apache-2.0
#include "cli/render/yaml.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace ame::cli {

namespace {

constexpr std::array<std::string_view, 10> words_with_meaning = {
    "null", "true", "false", "~", "yes", "no", "on", "off", "y", "n"};

bool is_word_with_meaning(std::string_view text) {
  return std::ranges::any_of(words_with_meaning, [&](std::string_view word) {
    return std::ranges::equal(
        text, word, [](unsigned char left, unsigned char right) { return std::tolower(left) == right; });
  });
}

/// "3.10" would be 3.1, and "1e3" a thousand.
bool looks_like_number(std::string_view text) {
  const bool starts_so =
      std::isdigit(static_cast<unsigned char>(text.front())) != 0 || text.front() == '.' || text.front() == '+';
  return starts_so && text.find_first_not_of("0123456789.+-eExXabcdefABCDEF_:") == std::string_view::npos;
}

bool may_be_plain(std::string_view text) {
  constexpr std::string_view leading = "-?:,[]{}#&*!|>'\"%@` \t";
  if (text.empty() || leading.find(text.front()) != std::string_view::npos || text.back() == ' ' ||
      text.back() == ':' || is_word_with_meaning(text) || looks_like_number(text)) {
    return false;
  }
  const bool has_control = std::ranges::any_of(text, [](unsigned char byte) { return byte < 0x20 || byte == 0x7F; });
  return !has_control && text.find(": ") == std::string_view::npos && text.find(" #") == std::string_view::npos;
}

std::string in_quotes(std::string_view text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);  // JSON's quoting is YAML's as well
}

/// Several lines read best as a block; only where that keeps every character.
bool may_be_block(std::string_view text) {
  const bool has_lines = text.find('\n') != std::string_view::npos;
  const bool is_clean = std::ranges::all_of(text, [](unsigned char byte) { return byte == '\n' || byte >= 0x20; });
  return has_lines && is_clean && text.front() != ' ' && text.front() != '\n' && !text.ends_with("\n\n");
}

bool says_nothing(const Json& value) {
  return value.is_null() || value == false || ((value.is_array() || value.is_object()) && value.empty());
}

bool is_scalar(const Json& value) {
  return !value.is_array() && !value.is_object();
}

std::string scalar_text(const Json& value) {
  return value.is_string() ? yaml_scalar(value.get_ref<const std::string&>()) : value.dump();
}

std::string flow_text(const Json& list) {
  std::string joined;
  for (const Json& item : list) {
    const std::string scalar = scalar_text(item);
    const bool needs_quotes = scalar.find_first_of(",[]{}") != std::string::npos && scalar.front() != '"';
    joined += (joined.empty() ? "" : ", ") + (needs_quotes ? in_quotes(item.get_ref<const std::string&>()) : scalar);
  }
  return "[" + joined + "]";
}

std::string block_text(std::string_view text, std::size_t depth) {
  std::string out = text.ends_with('\n') ? "|\n" : "|-\n";
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    out += line.empty() ? "\n" : fmt::format("{:{}}{}\n", "", depth * 2, line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return out;
}

/// Lines of a value. The first one continues a line that `begun` says is there already ("- ").
class Writer {
 public:
  enum class Line { fresh, begun };

  void object(const Json& object, std::size_t depth, Line line) {
    for (const auto& [key, value] : object.items()) {
      if (key == tag_key || says_nothing(value)) {
        continue;
      }
      begin(depth, line);
      line = Line::fresh;
      member(yaml_scalar(key), value, depth);
    }
    if (line == Line::begun) {
      text_ += "{}\n";
    }
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void begin(std::size_t depth, Line line) {
    if (line == Line::fresh) {
      text_.append(depth * 2, ' ');
    }
  }

  void member(const std::string& key, const Json& value, std::size_t depth) {
    text_ += key + ":";
    if (value.is_object()) {
      text_ += value.contains(tag_key) ? fmt::format(" !{}\n", value[tag_key].get<std::string>()) : "\n";
      object(value, depth + 1, Line::fresh);
    } else if (value.is_array() && std::ranges::all_of(value, is_scalar)) {
      text_ += " " + flow_text(value) + "\n";
    } else if (value.is_array()) {
      text_ += "\n";
      list(value, depth + 1, Line::fresh);
    } else if (value.is_string() && may_be_block(value.get_ref<const std::string&>())) {
      text_ += " " + block_text(value.get_ref<const std::string&>(), depth + 1);
    } else {
      text_ += " " + scalar_text(value) + "\n";
    }
  }

  void list(const Json& list, std::size_t depth, Line line) {
    for (const Json& item : list) {
      begin(depth, line);
      line = Line::fresh;
      text_ += "- ";
      if (item.is_object() && item.contains(tag_key)) {
        text_ += fmt::format("!{}\n", item[tag_key].get<std::string>());
        object(item, depth + 1, Line::fresh);
      } else if (item.is_object()) {
        object(item, depth + 1, Line::begun);
      } else if (item.is_array()) {
        this->list(item, depth + 1, Line::begun);
      } else {
        text_ += scalar_text(item) + "\n";
      }
    }
  }

  std::string text_;
};

}  // namespace

std::string yaml_scalar(std::string_view text) {
  return may_be_plain(text) ? std::string(text) : in_quotes(text);
}

std::string yaml_text(const Json& object) {
  Writer writer;
  writer.object(object, 0, Writer::Line::fresh);
  return writer.take();
}

}  // namespace ame::cli

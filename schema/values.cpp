// SPDX-License-Identifier: Apache-2.0
#include "schema/values.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "core/model/duration.hpp"
#include "core/text.hpp"

namespace ame::schema {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

void report(
    const Value& value, std::string message, Decoding& decoding, std::string expected = {}, std::string hint = {}) {
  decoding.problems.error(
      {.where = value.node, .message = std::move(message), .expected = std::move(expected), .hint = std::move(hint)});
}

/// Reads all of the text as a number.
template <class Number>
bool read_number(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return !text.empty() && result.ec == std::errc() && result.ptr == end;
}

/// What stands there, where that is short enough to repeat.
std::string shown(const Node& node) {
  constexpr std::size_t longest = 60;
  if (node.kind != NodeKind::scalar || node.scalar.size() > longest) {
    return std::string(described(node.kind));
  }
  return fmt::format("`{}`", node.scalar);
}

template <class Read>
auto read_list(const Value& value, Decoding& decoding, Read read) {
  std::vector<decltype(read(value, decoding))> list;
  if (value.node.kind != NodeKind::sequence) {
    std::string hint;
    if (value.node.kind == NodeKind::scalar) {
      hint = fmt::format("write `[{}]`", value.node.scalar);
    }
    report_kind(value, "a list", decoding, std::move(hint));
    return list;
  }
  list.reserve(value.node.items.size());
  for (const Node& item : value.node.items) {
    list.push_back(read({value.key, item}, decoding));
  }
  return list;
}

}  // namespace

bool is_null(const Node& node) {
  return node.kind == NodeKind::null && node.tag.empty();
}

bool is_name(std::string_view text) {
  return !text.empty() && text[0] != '-' &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_variable_name(std::string_view text) {
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::ranges::all_of(text, is_letter_or_digit);
}

void report_kind(const Value& value, std::string_view expected, Decoding& decoding, std::string hint) {
  decoding.problems.error({.where = value.node,
                           .message = fmt::format("`{}` is {}", value.key, described(value.node.kind)),
                           .expected = fmt::format("expected {}", expected),
                           .hint = std::move(hint)});
}

std::string_view read_scalar(const Value& value, std::string_view expected, Decoding& decoding) {
  if (value.node.kind != NodeKind::scalar) {
    report_kind(value, expected, decoding);
    return {};
  }
  if (value.node.scalar.find('\0') != std::string_view::npos) {
    report(value, fmt::format("`{}` contains a NUL character", value.key), decoding);
    return {};
  }
  return value.node.scalar;
}

std::string read_text(const Value& value, Decoding& decoding) {
  return std::string(read_scalar(value, "a text", decoding));
}

std::string read_path(const Value& value, Decoding& decoding) {
  const std::string_view text = read_scalar(value, "a path", decoding);
  const std::filesystem::path path(text);
  if (path.is_absolute()) {
    report(value, fmt::format("`{}` is outside the project", text), decoding, "expected a path inside the project");
    return {};
  }
  if (std::ranges::find(path, "..") != path.end()) {
    report(value, fmt::format("`{}` leads upwards", text), decoding, "expected a path inside the project");
    return {};
  }
  if (text.empty() && value.node.kind == NodeKind::scalar) {
    report(value, fmt::format("`{}` is empty", value.key), decoding, "expected a path inside the project");
  }
  return std::string(text);
}

std::string read_name(const Value& value, Decoding& decoding) {
  const std::string_view text = read_scalar(value, "a name", decoding);
  if (value.node.kind == NodeKind::scalar && !is_name(text)) {
    report(value,
           fmt::format("{} is no name", text.empty() ? "an empty text" : shown(value.node)),
           decoding,
           "expected letters, digits, `_` and `-`");
  }
  return std::string(text);
}

std::string read_variable_name(const Value& value, Decoding& decoding) {
  const std::string_view text = read_scalar(value, "the name of a variable", decoding);
  if (value.node.kind == NodeKind::scalar && !is_variable_name(text)) {
    report(value,
           fmt::format("{} cannot name a variable", text.empty() ? "an empty text" : shown(value.node)),
           decoding,
           "expected letters, digits and `_`");
  }
  return std::string(text);
}

bool read_flag(const Value& value, Decoding& decoding) {
  const std::string_view text = value.node.kind == NodeKind::scalar && !value.node.quoted ? value.node.scalar : "";
  if (text == "true" || text == "True" || text == "TRUE") {
    return true;
  }
  if (text != "false" && text != "False" && text != "FALSE") {
    report(value, fmt::format("`{}` is {}", value.key, shown(value.node)), decoding, "expected `true` or `false`");
  }
  return false;
}

int read_count(const Value& value, Decoding& decoding) {
  constexpr int most = 1'000'000'000;
  int number = 0;
  const bool read = value.node.kind == NodeKind::scalar && read_number(value.node.scalar, number);
  if (!read || number < 0 || number > most) {
    report(value, fmt::format("`{}` is {}", value.key, shown(value.node)), decoding, "expected a whole number");
    return 0;
  }
  return number;
}

double read_decimal(const Value& value, Decoding& decoding) {
  double number = 0;
  const bool read = value.node.kind == NodeKind::scalar && read_number(value.node.scalar, number);
  if (!read || !(number >= 0) || number > 1e9) {
    report(value, fmt::format("`{}` is {}", value.key, shown(value.node)), decoding, "expected a number");
    return 0;
  }
  return number;
}

std::optional<Quantity> read_quantity(const Value& value, Decoding& decoding) {
  if (value.node.kind != NodeKind::scalar) {
    report_kind(value, "a quantity such as `2`, `500m` or `4Gi`", decoding);
    return std::nullopt;
  }
  auto parsed = Quantity::parse(value.node.scalar);
  if (auto* mistake = std::get_if<QuantityMistake>(&parsed)) {
    report(value, fmt::format("`{}`: {}", value.key, mistake->message), decoding, {}, std::move(mistake->hint));
    return std::nullopt;
  }
  return std::get<Quantity>(parsed);
}

std::optional<std::chrono::milliseconds> read_duration(const Value& value, Decoding& decoding) {
  if (value.node.kind != NodeKind::scalar) {
    report_kind(value, "a duration such as `90s` or `2h30m`", decoding);
    return std::nullopt;
  }
  auto parsed = parse_duration(value.node.scalar);
  if (auto* mistake = std::get_if<DurationMistake>(&parsed)) {
    report(value, fmt::format("`{}`: {}", value.key, mistake->message), decoding, {}, std::move(mistake->hint));
    return std::nullopt;
  }
  return std::get<std::chrono::milliseconds>(parsed);
}

CommandText read_command(const Value& value, Decoding& decoding) {
  if (value.node.kind == NodeKind::sequence) {
    ArgvCommand command{.argv = read_texts(value, decoding)};
    if (command.argv.empty() || command.argv.front().empty()) {
      report(value, fmt::format("`{}` names no program", value.key), decoding, "expected a program and its arguments");
    }
    return command;
  }
  if (value.node.kind != NodeKind::scalar) {
    report_kind(value, "a text for the shell, or a list", decoding);
    return {};
  }
  const std::string_view text = read_scalar(value, "a text", decoding);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    report(value, fmt::format("`{}` is empty", value.key), decoding, "expected a command");
  }
  return ShellCommand{.text = std::string(text)};
}

std::vector<std::string> read_texts(const Value& value, Decoding& decoding) {
  return read_list(value, decoding, read_text);
}

std::vector<std::string> read_paths(const Value& value, Decoding& decoding) {
  return read_list(value, decoding, read_path);
}

std::vector<int> read_counts(const Value& value, Decoding& decoding) {
  return read_list(value, decoding, read_count);
}

std::vector<EnvironmentVariable> read_text_map(const Value& value, Decoding& decoding) {
  std::vector<EnvironmentVariable> texts;
  if (value.node.kind != NodeKind::mapping) {
    report_kind(value, "a mapping of texts", decoding);
    return texts;
  }
  for (const Entry& entry : value.node.entries) {
    if (!is_null(entry.value)) {
      texts.push_back({std::string(entry.key.scalar), read_text({entry.key.scalar, entry.value}, decoding)});
    }
  }
  return texts;
}

std::size_t read_choice(const Value& value, const std::vector<std::string>& words, Decoding& decoding) {
  const std::string_view text = read_scalar(value, one_of(words), decoding);
  const auto found = std::ranges::find(words, text);
  if (found != words.end()) {
    return static_cast<std::size_t>(found - words.begin());
  }
  if (value.node.kind == NodeKind::scalar) {
    report(value,
           fmt::format("`{}` is {}", value.key, shown(value.node)),
           decoding,
           "expected " + one_of(words),
           did_you_mean(text, words));
  }
  return 0;
}

}  // namespace ame::schema

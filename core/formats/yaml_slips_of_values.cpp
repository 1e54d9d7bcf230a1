// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/formats/yaml_places.hpp"
#include "core/formats/yaml_slips.hpp"

namespace ame {
namespace {

bool is_all_of(std::string_view text, std::string_view letters) {
  return text.find_first_not_of(letters) == std::string_view::npos;
}

std::string line_with(const YamlLine& line, std::string_view value) {
  const auto prefix = static_cast<std::size_t>(line.value.data() - line.text.data());
  return fmt::format("{}{}", line.text.substr(0, prefix), value);
}

std::string write(std::string_view advice, const YamlLine& line, std::string_view value) {
  return with_snippet(advice, {line_with(line, value)});
}

/// `*/5 * * * *`, `*****`, `@daily`.
bool looks_like_schedule(const YamlLine& line) {
  const std::string_view value = line.value;
  const bool is_schedule = line.key == "schedule" || line.key == "cron";
  if (value.starts_with('@') || value == "*") {
    return is_schedule;
  }
  return value.starts_with('*') && is_all_of(value, "*/,-0123456789 ?");
}

struct OpenBracket {
  std::size_t at = 0;
  char letter = '[';
};

/// Brackets that are open at `end`, as far as quotes and comments can be told without parsing.
std::vector<OpenBracket> open_brackets(std::string_view text, std::size_t end) {
  std::vector<OpenBracket> open;
  for (std::size_t at = 0; at < end;) {
    const char letter = text[at];
    const bool can_begin = at == 0 || std::string_view(" \t\r\n[{,:").find(text[at - 1]) != std::string_view::npos;
    if (letter == '#' && can_begin) {
      at = std::min(text.find('\n', at), end);
      continue;
    }
    if ((letter == '"' || letter == '\'') && can_begin) {
      at = std::min(end_of_quoted(text, at), end);
      continue;
    }
    if ((letter == '[' || letter == '{') && (can_begin || !open.empty())) {
      open.push_back({at, letter});
    } else if ((letter == ']' || letter == '}') && !open.empty()) {
      open.pop_back();
    }
    ++at;
  }
  return open;
}

}  // namespace

std::optional<Diagnostic> unquoted_schedule(const YamlScene& scene) {
  const YamlLine& line = scene.line();
  if (!looks_like_schedule(line)) {
    return std::nullopt;
  }
  const bool only_stars = is_all_of(line.value, "* ");
  const std::string corrected = line_with(line, only_stars ? "\"* * * * *\"" : yaml_quoted(line.value));
  const std::string advice =
      line.value.front() == '@'
          ? "quote it"
          : "quote it, five fields with spaces between, such as `\"0 3 * * *\"` for 3:00 each day";
  return scene.at(
      line.value,
      fmt::format(
          "`{}` without quotes is no text: `{}` has a meaning of its own in YAML", line.value, line.value.front()),
      with_snippet(advice, {corrected}));
}

std::optional<Diagnostic> unknown_alias(const YamlScene& scene) {
  if (!scene.reason_is("the referenced anchor is not defined") && !scene.reason_is("alias not found") &&
      !scene.reason_is("illegal character found while scanning alias")) {
    return std::nullopt;
  }
  const std::size_t star = scene.text().rfind('*', std::min(scene.mistake().offset, scene.text().size() - 1));
  if (star == std::string_view::npos || star < scene.line().begin) {
    return std::nullopt;
  }
  std::string_view alias = scene.text().substr(star);
  alias = alias.substr(0, alias.find_first_of(" \t\r\n,[]{}"));
  if (alias.size() == 1) {
    return scene.at(alias, "`*` without quotes is no text: it has a meaning of its own in YAML", "write `\"*\"`");
  }
  return scene.at(alias,
                  fmt::format("the alias `{}` repeats `&{}`, which is nowhere above", alias, alias.substr(1)),
                  fmt::format("if it is meant as text, write {}", "`" + yaml_quoted(alias) + "`"));
}

std::optional<Diagnostic> forgotten_quote(const YamlScene& scene) {
  const std::optional<LongQuote>& quote = scene.mistake().long_quote;
  if (!quote || quote->end < scene.line().begin || quote->end > scene.mistake().offset) {
    return std::nullopt;
  }
  const std::string_view text = scene.text();
  const std::string_view opened = text.substr(quote->begin, text.find_first_of("\r\n", quote->begin) - quote->begin);
  return scene.at(opened,
                  fmt::format("the quote that is opened here goes on until line {}", scene.number_of(scene.line())),
                  fmt::format("close it: `{}{}`", opened, opened.front()));
}

std::optional<Diagnostic> text_after_quote(const YamlScene& scene) {
  const YamlLine& line = scene.line();
  const bool is_quoted = !line.value.empty() && (line.value.front() == '"' || line.value.front() == '\'');
  if (!is_quoted || !scene.reason_is("end of ")) {
    return std::nullopt;
  }
  const std::size_t end = end_of_quoted(line.value, 0);
  if (end >= line.value.size()) {
    return std::nullopt;
  }
  const char quote = line.value.front();
  const bool is_apostrophe = line.value[end] != ' ' && line.value.back() == quote;
  const std::string_view meant = is_apostrophe ? line.value.substr(1, line.value.size() - 2) : line.value;
  const std::string_view quoted = line.value.substr(0, end);
  const std::string_view rest = line.value.substr(end);
  return scene.at(rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size() - 1)),
                  fmt::format("the text ends at its closing quote, and more follows `{}`", quoted),
                  write("quote all of it", line, yaml_quoted(meant)));
}

std::optional<Diagnostic> colon_in_text(const YamlScene& scene) {
  const YamlLine& line = scene.line();
  const std::size_t colon = line.value.find(':');
  const bool fits = scene.reason_is("illegal map value") && line.has_colon && colon != std::string_view::npos &&
                    line.value.front() != '"' && line.value.front() != '\'';
  if (!fits) {
    return std::nullopt;
  }
  return scene.at(line.value,
                  "a text with `: ` in it needs quotes, or it reads as another key",
                  write("write", line, yaml_quoted(line.value)));
}

std::optional<Diagnostic> list_behind_key(const YamlScene& scene) {
  const YamlLine& line = scene.line();
  if (!scene.reason_is("illegal block entry") || !line.has_colon || !line.value.starts_with("- ")) {
    return std::nullopt;
  }
  const std::string indent(line.indent + 2, ' ');
  return scene.at(line.value.substr(0, 1),
                  "a list cannot begin on the line of its key",
                  with_snippet("write",
                               {std::string(line.text.substr(0, line.indent + line.key.size() + 1)),
                                indent + std::string(line.value)}));
}

std::optional<Diagnostic> reserved_first_letter(const YamlScene& scene) {
  const YamlLine& line = scene.line();
  const std::string_view letter = scene.text().substr(std::min(scene.mistake().offset, scene.text().size()), 1);
  const bool is_value = line.value.data() == letter.data();
  const bool is_comma = scene.reason_is("end of map not found") && is_value && letter == ",";
  if (letter.empty() || (!scene.reason_is("unknown token") && !is_comma)) {
    return std::nullopt;
  }
  return scene.at(is_value ? line.value : letter,
                  fmt::format("a text cannot begin with {} unless it is quoted",
                              letter == "`" ? "a backtick" : fmt::format("`{}`", letter)),
                  is_value ? write("write", line, yaml_quoted(line.value)) : "put the text in quotes");
}

std::optional<Diagnostic> open_bracket(const YamlScene& scene) {
  const std::size_t at = scene.mistake().offset;
  if (scene.reason_is("illegal flow end") && at < scene.text().size()) {
    const std::string_view letter = scene.text().substr(at, 1);
    return scene.at(
        letter, fmt::format("`{}` closes nothing", letter), "remove it; a text that begins with it needs quotes");
  }
  const bool fits = scene.reason_is("end of map flow") || scene.reason_is("end of sequence flow");
  const std::vector<OpenBracket> open =
      fits ? open_brackets(scene.text(), std::min(at, scene.text().size())) : std::vector<OpenBracket>();
  if (open.empty()) {
    return std::nullopt;
  }
  const OpenBracket bracket = open.back();
  const char closing = bracket.letter == '[' ? ']' : '}';
  return scene.at(
      scene.text().substr(bracket.at, 1),
      fmt::format("`{}` is opened here and not closed before line {}", bracket.letter, scene.number_of(scene.line())),
      fmt::format("a `{}` is missing, or a comma between two things in it", closing));
}

std::optional<Diagnostic> text_after_bracket(const YamlScene& scene) {
  const std::size_t at = std::min(scene.mistake().offset, scene.text().size());
  const std::size_t before = scene.text().substr(0, at).find_last_not_of(" \t");
  const bool fits = scene.reason_is("end of ") && at < scene.text().size() && before != std::string_view::npos &&
                    (scene.text()[before] == ']' || scene.text()[before] == '}');
  if (!fits) {
    return std::nullopt;
  }
  return scene.at(scene.text().substr(at, 1),
                  fmt::format("more follows the closing `{}`", scene.text()[before]),
                  "remove it, or put all of it in quotes if it is one text");
}

std::optional<Diagnostic> unknown_escape(const YamlScene& scene) {
  const bool fits = scene.reason_is("unknown escape character") || scene.reason_is("bad character found while") ||
                    scene.reason_is("invalid unicode");
  const std::size_t at = std::min(scene.mistake().offset, scene.text().size());
  const std::size_t slash = fits && at > 0 ? scene.text().rfind('\\', at - 1) : std::string_view::npos;
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view escape = scene.text().substr(slash, 2);
  return scene.at(escape,
                  fmt::format("`{}` is no escape that YAML knows in double quotes", escape),
                  fmt::format("write `\\{}` for a backslash, or use single quotes", escape));
}

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/formats/yaml_slips.hpp"
#include "core/text.hpp"

namespace ame {
namespace {

constexpr std::size_t longest_snippet = 6;

const YamlLine* with_tab(const YamlLine* line) {
  if (line == nullptr) {
    return nullptr;
  }
  const std::size_t tab = line->text.find('\t');
  return tab != std::string_view::npos && line->text.find_first_not_of(" \t") > tab ? line : nullptr;
}

std::string moved(const YamlLine& line, std::size_t left) {
  return std::string(line.text.substr(std::min(left, line.blanks)));
}

/// The key that stands on the innermost level at which `indent` would be right.
const YamlLine* owner_of(const YamlScene& scene, std::size_t indent) {
  for (std::size_t index = scene.here(); index > 0; --index) {
    const YamlLine& line = scene.lines()[index - 1];
    if (!line.is_nothing && line.has_colon && line.indent <= indent) {
      return &line;
    }
  }
  return nullptr;
}

/// The lines that belong to the key on line `first`: it, and all that are deeper or on its level, up to a new item.
std::vector<std::string> moved_block(const YamlScene& scene, std::size_t first, std::size_t left) {
  std::vector<std::string> block;
  const std::size_t level = scene.lines()[first].blanks;
  for (std::size_t index = first; index < scene.lines().size() && block.size() < longest_snippet; ++index) {
    const YamlLine& line = scene.lines()[index];
    if (line.is_nothing || line.blanks < level) {
      break;
    }
    block.push_back(moved(line, left));
  }
  return block;
}

bool is_tag_alone(const YamlLine& line) {
  return line.value.size() > 1 && line.value.front() == '!' && !line.has_colon && !line.is_item &&
         line.value.find(' ') == std::string_view::npos;
}

}  // namespace

std::optional<Diagnostic> tab_in_indentation(const YamlScene& scene) {
  const YamlLine* line = with_tab(&scene.line());
  line = line != nullptr ? line : with_tab(scene.line_before());
  if (line == nullptr) {
    return std::nullopt;
  }
  const std::size_t tab = line->text.find('\t');
  const std::size_t content = line->text.find_first_not_of(" \t");
  std::string spaces;
  for (const char letter : line->text.substr(0, content)) {
    spaces += letter == '\t' ? "  " : " ";
  }
  return scene.at(line->text.substr(tab, 1),
                  "a tab stands in the indentation, where YAML knows only spaces",
                  with_snippet("indent with spaces", {spaces + std::string(line->text.substr(content))}));
}

std::optional<Diagnostic> lonely_tag(const YamlScene& scene) {
  const YamlLine& line = scene.line();
  if (!scene.reason_is("end of map not found") || !is_tag_alone(line)) {
    return std::nullopt;
  }
  const std::string indent(line.indent, ' ');
  std::vector<std::string> snippet{indent + "executor:", indent + "  " + std::string(line.value)};
  std::size_t next = scene.here() + 1;
  const bool names_owner = next < scene.lines().size() && scene.lines()[next].has_colon &&
                           scene.lines()[next].value.empty() && scene.lines()[next].indent == line.indent;
  if (names_owner) {
    snippet.front() = std::string(scene.lines()[next].text);
    ++next;
  }
  for (; next < scene.lines().size() && snippet.size() < longest_snippet; ++next) {
    const YamlLine& field = scene.lines()[next];
    if (field.is_nothing || field.is_item || field.blanks < line.blanks + (names_owner ? 1 : 0)) {
      break;
    }
    snippet.push_back((names_owner ? "" : "  ") + std::string(field.text));
  }
  const std::string owner = names_owner ? std::string(scene.lines()[scene.here() + 1].key) : "executor";
  return scene.at(line.value,
                  fmt::format("the tag `{}` stands among the keys, where it belongs to none", line.value),
                  with_snippet(fmt::format("put it below `{}:`, deeper than it", owner), snippet));
}

std::optional<Diagnostic> key_too_deep(const YamlScene& scene) {
  const YamlLine& line = scene.line();
  const YamlLine* before = scene.line_before();
  const bool noticed = scene.reason_is("illegal map value") || scene.reason_is("end of map not found");
  const bool fits = noticed && line.has_colon && before != nullptr && before->has_colon && !before->value.empty() &&
                    line.indent > before->indent;
  if (!fits) {
    return std::nullopt;
  }
  const std::size_t left = line.indent - before->indent;
  std::vector<std::string> snippet{std::string(before->text)};
  const std::vector<std::string> block = moved_block(scene, scene.here(), left);
  snippet.insert(snippet.end(), block.begin(), block.end());
  const bool adjacent = before + 1 == &line;
  return scene.at(line.key,
                  fmt::format("`{}` is indented deeper than `{}` on {}; they must line up",
                              line.key,
                              before->key,
                              adjacent ? "the line before" : fmt::format("line {}", scene.number_of(*before))),
                  with_snippet("write", snippet));
}

std::optional<Diagnostic> key_too_long(const YamlScene& scene) {
  constexpr std::size_t longest = 1024;  // of YAML
  if (!scene.reason_is("illegal map value") || scene.line().key.size() <= longest) {
    return std::nullopt;
  }
  return scene.at(scene.line().key.substr(0, 1),
                  fmt::format("a key is longer than {} characters", longest),
                  "is a line end missing?");
}

std::optional<Diagnostic> key_without_colon(const YamlScene& scene) {
  const YamlLine* before = scene.line_before();
  const bool fits = scene.reason_is("illegal map value") && scene.line().has_colon && before != nullptr &&
                    !before->has_colon && !before->value.empty() && before->indent <= scene.line().indent;
  if (!fits) {
    return std::nullopt;
  }
  const std::size_t colon = before->value.find(':');
  const std::string prefix(before->text.substr(0, before->indent));
  if (colon != std::string_view::npos && colon > 0) {
    const std::string_view key = before->value.substr(0, colon);
    const std::string corrected = fmt::format("{}{}: {}", prefix, key, before->value.substr(colon + 1));
    return scene.at(
        before->value, fmt::format("a space is missing after `{}:`", key), with_snippet("write", {corrected}));
  }
  return scene.at(before->value,
                  fmt::format("`{}` has no `:` behind it, so it is neither a key nor a value", before->value),
                  fmt::format("write `{}: value`, or remove the line", before->value));
}

std::optional<Diagnostic> list_among_keys(const YamlScene& scene) {
  const YamlLine& line = scene.line();
  if (!scene.reason_is("end of map not found") || !line.is_item) {
    return std::nullopt;
  }
  const YamlLine* owner = owner_of(scene, line.blanks);
  if (owner == nullptr || owner->indent != line.blanks) {
    return std::nullopt;
  }
  return scene.at(line.text.substr(line.blanks, 1),
                  fmt::format("a list item stands beside the key `{}`", owner->key),
                  "a list stands below the key that it belongs to: `key:` on a line of its own, then the items");
}

std::optional<Diagnostic> indent_of_nothing(const YamlScene& scene) {
  const YamlLine& line = scene.line();
  const bool at_content = scene.mistake().offset <= line.begin + line.indent;
  const bool fits = scene.reason_is("end of ") && !scene.reason_is("end of verbatim") && at_content && line.blanks > 0;
  if (!fits) {
    return std::nullopt;
  }
  std::vector<std::string> levels;
  std::size_t innermost = std::string_view::npos;
  for (std::size_t index = scene.here(); index > 0; --index) {
    const YamlLine& above = scene.lines()[index - 1];
    if (above.is_nothing || !above.has_colon || above.indent >= innermost) {
      continue;
    }
    innermost = above.indent;
    levels.push_back(
        fmt::format("{} like `{}` on line {}", counted(above.indent, "space"), above.key, scene.number_of(above)));
    if (innermost <= line.blanks) {
      break;
    }
  }
  const std::string_view word = line.has_colon ? line.key : line.value;
  std::string hint = "indent it by ";
  for (std::size_t index = 0; index < levels.size(); ++index) {
    hint += (index == 0 ? "" : ", or by ") + levels[index];
  }
  return scene.at(
      word,
      fmt::format("`{}` is indented by {}, which lines up with nothing above", word, counted(line.blanks, "space")),
      levels.empty() ? std::string() : hint);
}

}  // namespace ame

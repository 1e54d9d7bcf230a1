// SPDX-License-Identifier: Apache-2.0
#include "schema/format/slip_repairs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"

namespace ame::schema {
namespace {

constexpr std::string_view blanks = " \t";

/// `  - name: train  # words`, taken apart. Places are bytes into the line.
struct Parts {
  std::size_t blanks = 0;  ///< before anything
  std::size_t indent = 0;  ///< of the key or text, after blanks and dashes
  std::string_view key;    ///< empty: none
  std::string_view value;  ///< without a comment
  bool says_nothing = false;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

std::string_view without_comment(std::string_view text) {
  for (std::size_t hash = text.find('#'); hash != std::string_view::npos; hash = text.find('#', hash + 1)) {
    if (hash == 0 || blanks.find(text[hash - 1]) != std::string_view::npos) {
      return trimmed(text.substr(0, hash));
    }
  }
  return trimmed(text);
}

Parts parts_of(std::string_view line) {
  Parts parts;
  parts.blanks = std::min(line.find_first_not_of(' '), line.size());
  parts.indent = parts.blanks;
  while (line.substr(parts.indent).starts_with("- ")) {
    parts.indent = std::min(line.find_first_not_of(' ', parts.indent + 1), line.size());
  }
  const std::string_view content = without_comment(line.substr(parts.indent));
  parts.says_nothing = content.empty();
  const std::size_t colon = content.find(':');
  const bool is_key = colon != std::string_view::npos && colon > 0 && content.find_first_of("\"'{[ \t") > colon &&
                      (colon + 1 == content.size() || blanks.find(content[colon + 1]) != std::string_view::npos);
  parts.key = is_key ? content.substr(0, colon) : std::string_view();
  parts.value = is_key ? trimmed(content.substr(colon + 1)) : content;
  return parts;
}

/// The nearest line before `line` that says something; size() where there is none.
std::size_t line_before(const TextLines& lines, std::size_t line) {
  while (line > 0) {
    --line;
    if (!parts_of(lines[line]).says_nothing) {
      return line;
    }
  }
  return lines.size();
}

std::size_t line_after(const TextLines& lines, std::size_t line) {
  for (++line; line < lines.size() && parts_of(lines[line]).says_nothing; ++line) {
  }
  return line;
}

/// The value of `schedule:`, also inside brackets.
std::string_view schedule_in(std::string_view line) {
  constexpr std::string_view key = "schedule:";
  const std::size_t at = line.find(key);
  const bool is_key =
      at != std::string_view::npos && (at == 0 || std::string_view(" {,").find(line[at - 1]) != std::string_view::npos);
  if (!is_key) {
    return {};
  }
  std::string_view value = line.substr(at + key.size());
  if (line.substr(0, at).find('{') != std::string_view::npos) {
    value = value.substr(0, value.find('}'));
    value = value.substr(0, value.find(", "));
  }
  return without_comment(value);
}

std::optional<Repair> quote_schedule(TextLines& lines, std::size_t line) {
  std::string& text = lines[line];
  const std::string value(schedule_in(text));
  const bool is_slip = value.starts_with('@') ||
                       (value.starts_with('*') && value.find_first_not_of("*/,-0123456789 ?LW#") == std::string::npos);
  if (!is_slip) {
    return std::nullopt;
  }
  const bool lacks_blanks = value == "*****";
  text.replace(text.find(value, text.find("schedule:")),
               value.size(),
               fmt::format("\"{}\"", lacks_blanks ? "* * * * *" : value));
  return Repair{.line = static_cast<int>(line) + 1,
                .what = fmt::format(
                    "quoted the schedule `{}`{}", value, lacks_blanks ? " and put blanks between its fields" : "")};
}

bool is_tag_alone(const Parts& parts) {
  return parts.key.empty() && parts.value.size() > 1 && parts.value.front() == '!' && parts.blanks == parts.indent &&
         parts.value.find_first_of(" {[\"'") == std::string_view::npos;
}

std::optional<Repair> move_tag(TextLines& lines, std::size_t line) {
  const Parts tag = parts_of(lines[line]);
  const std::size_t owner_line = line_after(lines, line);
  if (!is_tag_alone(tag) || owner_line == lines.size()) {
    return std::nullopt;
  }
  const Parts owner = parts_of(lines[owner_line]);
  if (owner.key.empty() || !owner.value.empty() || owner.blanks != tag.blanks || owner.indent != tag.indent) {
    return std::nullopt;
  }
  const std::size_t child = line_after(lines, owner_line);
  const std::size_t child_indent = child < lines.size() ? parts_of(lines[child]).blanks : 0;
  const std::size_t indent = child_indent > owner.indent ? child_indent : owner.indent + 2;
  Repair repair{.line = static_cast<int>(line) + 1,
                .what = fmt::format("moved the tag `{}` below `{}:`", tag.value, owner.key)};
  std::string moved = std::string(indent, ' ') + lines[line].substr(tag.indent);
  for (std::size_t at = line; at < owner_line; ++at) {
    std::swap(lines[at], lines[at + 1]);
  }
  lines[owner_line] = std::move(moved);
  return repair;
}

/// A value that ends on its line, so that nothing can stand below it.
bool is_whole_value(std::string_view value) {
  return !value.empty() && std::string_view("|>!&").find(value.front()) == std::string_view::npos;
}

std::optional<Repair> line_up_key(TextLines& lines, std::size_t line) {
  const Parts deep = parts_of(lines[line]);
  const std::size_t above_line = line_before(lines, line);
  if (deep.key.empty() || deep.blanks != deep.indent || above_line == lines.size()) {
    return std::nullopt;
  }
  const Parts above = parts_of(lines[above_line]);
  if (above.key.empty() || !is_whole_value(above.value) || above.indent >= deep.indent) {
    return std::nullopt;
  }
  const std::size_t left = deep.indent - above.indent;
  Repair repair{.line = static_cast<int>(line) + 1,
                .what = fmt::format("moved `{}`, and what is with it, left by {} to line up with `{}`",
                                    deep.key,
                                    counted(left, "blank"),
                                    above.key)};
  for (std::size_t at = line; at < lines.size(); ++at) {
    const Parts parts = parts_of(lines[at]);
    const bool belongs = parts.blanks >= deep.indent && parts.blanks < lines[at].size();
    if (!belongs && !parts.says_nothing) {
      break;
    }
    lines[at].erase(0, belongs ? left : 0);
  }
  return repair;
}

}  // namespace

TextLines::TextLines(std::string_view text) {
  while (true) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines_.emplace_back(text.substr(0, end));
    if (end == text.size()) {
      return;
    }
    text.remove_prefix(end + 1);
  }
}

std::string TextLines::text() const {
  std::string text;
  for (const std::string& line : lines_) {
    text += line;
    text += '\n';
  }
  text.pop_back();
  return text;
}

bool TextLines::has_tab_in_indentation(std::size_t line) const {
  const std::string_view text = line < lines_.size() ? std::string_view(lines_[line]) : std::string_view();
  return text.substr(0, text.find_first_not_of(blanks)).find('\t') != std::string_view::npos;
}

void TextLines::expand_tabs(std::size_t width) {
  std::size_t block_text_above = std::string::npos;  // indentation of the line with its `|` or `>`
  for (std::string& line : lines_) {
    const std::size_t spaces = std::min(line.find_first_not_of(' '), line.size());
    const bool is_empty = line.find_first_not_of(blanks) == std::string::npos;
    if (block_text_above != std::string::npos && (is_empty || spaces > block_text_above)) {
      continue;
    }
    std::string indent;
    std::size_t content = 0;
    for (; content < line.size() && blanks.find(line[content]) != std::string_view::npos; ++content) {
      indent.append(line[content] == '\t' ? width - indent.size() % width : 1, ' ');
    }
    line.replace(0, content, indent);
    const std::string_view value = parts_of(line).value;
    const bool opens = value.find_first_of("|>") == 0 && value.find(' ') == std::string_view::npos;
    block_text_above = opens ? indent.size() : std::string::npos;
  }
}

std::optional<Repair> repair_slip(TextLines& lines, std::size_t line) {
  if (line >= lines.size()) {
    return std::nullopt;
  }
  for (const auto repair : {quote_schedule, move_tag, line_up_key}) {
    if (std::optional<Repair> done = repair(lines, line)) {
      return done;
    }
  }
  return std::nullopt;
}

}  // namespace ame::schema

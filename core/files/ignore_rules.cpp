// SPDX-License-Identifier: Apache-2.0
#include "core/files/ignore_rules.hpp"

#include <algorithm>
#include <ranges>

#include "core/files/wildcard.hpp"

namespace ame {

namespace {

/// Blanks at the end do not count, unless the last one is escaped.
std::string_view without_trailing_blanks(std::string_view line) {
  while (line.ends_with(' ') || line.ends_with('\t')) {
    const auto last_other = line.find_last_not_of('\\', line.size() - 2);
    const auto backslashes = line.size() - 2 - (last_other == std::string_view::npos ? 0 : last_other);
    if (line.size() >= 2 && line[line.size() - 2] == '\\' && backslashes % 2 == 1) {
      break;
    }
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

void IgnoreRules::add(std::string_view text, std::string_view base) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    line = without_trailing_blanks(line);
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    Rule rule{.base = base.empty() ? "" : std::string(base) + "/"};
    if (line.starts_with('!')) {
      rule.takes_back = true;
      line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
      rule.directories_only = true;
      line.remove_suffix(1);
    }
    rule.by_name = line.find('/') == std::string_view::npos;
    for (const std::string_view segment : path_segments(line)) {
      rule.segments.emplace_back(segment);
    }
    if (!rule.segments.empty()) {
      rules_.push_back(std::move(rule));
    }
  }
}

bool IgnoreRules::rule_matches(const Rule& rule, std::string_view path) {
  if (!path.starts_with(rule.base)) {
    return false;
  }
  path.remove_prefix(rule.base.size());
  if (rule.by_name) {
    const auto slash = path.rfind('/');
    return wildcard_matches(rule.segments.front(), slash == std::string_view::npos ? path : path.substr(slash + 1));
  }
  return segments_match(rule.segments, path_segments(path));
}

bool IgnoreRules::matches(std::string_view path, PathKind kind) const {
  for (const Rule& rule : std::ranges::reverse_view(rules_)) {
    if ((!rule.directories_only || kind == PathKind::directory) && rule_matches(rule, path)) {
      return !rule.takes_back;
    }
  }
  return false;
}

bool IgnoreRules::ignores(std::string_view path, PathKind kind) const {
  for (auto slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    if (matches(path.substr(0, slash), PathKind::directory)) {
      return true;
    }
  }
  return matches(path, kind);
}

}  // namespace ame

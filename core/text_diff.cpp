// SPDX-License-Identifier: Apache-2.0
#include "core/text_diff.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "core/line_matching.hpp"

namespace ame {
namespace {

constexpr std::size_t context = 3;

struct DiffLine {
  char sign;  ///< ' ', '-' or '+'
  std::string_view text;
};

std::vector<DiffLine> diff_lines(std::string_view before_text, std::string_view after_text) {
  const std::vector<std::string_view> before = lines_with_ends(before_text);
  const std::vector<std::string_view> after = lines_with_ends(after_text);
  const std::vector<std::size_t> matches = match_lines(before, after);
  std::vector<DiffLine> lines;
  std::size_t written = 0;  // of `after`
  for (std::size_t line = 0; line < before.size(); ++line) {
    if (matches[line] == no_line) {
      lines.push_back({'-', before[line]});
      continue;
    }
    for (; written < matches[line]; ++written) {
      lines.push_back({'+', after[written]});
    }
    lines.push_back({' ', before[line]});
    ++written;
  }
  for (; written < after.size(); ++written) {
    lines.push_back({'+', after[written]});
  }
  return lines;
}

/// After the first line from `from` on that is neither changed nor context of a change.
std::size_t end_of_hunk(const std::vector<DiffLine>& lines, std::size_t from) {
  std::size_t last_change = from;
  for (std::size_t line = from; line < lines.size() && line <= last_change + 2 * context + 1; ++line) {
    last_change = lines[line].sign == ' ' ? last_change : line;
  }
  return std::min(lines.size(), last_change + context + 1);
}

std::string range(std::size_t first, std::size_t count) {
  if (count == 1) {
    return fmt::format("{}", first);
  }
  return fmt::format("{},{}", count == 0 ? first - 1 : first, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, const DiffNames& names) {
  if (before == after) {
    return {};
  }
  const std::vector<DiffLine> lines = diff_lines(before, after);
  std::string diff = fmt::format("--- {}\n+++ {}\n", names.before, names.after);
  std::size_t before_line = 1;
  std::size_t after_line = 1;
  std::size_t passed = 0;
  const auto pass = [&](std::size_t end) {
    for (; passed < end; ++passed) {
      before_line += lines[passed].sign == '+' ? 0 : 1;
      after_line += lines[passed].sign == '-' ? 0 : 1;
    }
  };
  const auto is_change = [](const DiffLine& line) { return line.sign != ' '; };
  for (auto change = std::find_if(lines.begin(), lines.end(), is_change); change != lines.end();
       change = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(passed), lines.end(), is_change)) {
    const auto at = static_cast<std::size_t>(change - lines.begin());
    pass(std::max(passed, at - std::min(at, context)));
    const std::size_t begin = passed;
    const std::size_t first_before = before_line;
    const std::size_t first_after = after_line;
    pass(end_of_hunk(lines, at));
    diff += fmt::format("@@ -{} +{} @@\n",
                        range(first_before, before_line - first_before),
                        range(first_after, after_line - first_after));
    for (std::size_t line = begin; line < passed; ++line) {
      diff += lines[line].sign;
      diff += lines[line].text;
      diff += lines[line].text.ends_with('\n') ? "" : "\n\\ No newline at end of file\n";
    }
  }
  return diff;
}

}  // namespace ame

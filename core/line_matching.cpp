// SPDX-License-Identifier: Apache-2.0
#include "core/line_matching.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

namespace ame {
namespace {

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
};

struct Pair {
  std::size_t before = 0;
  std::size_t after = 0;
};

/// The longest subsequence whose `after` ascends; `before` ascends already.
std::vector<Pair> longest_ascending(const std::vector<Pair>& pairs) {
  std::vector<std::size_t> ends;  // ends[n]: the pair with the lowest `after` that n others can come before
  std::vector<std::size_t> previous(pairs.size(), no_line);
  for (std::size_t index = 0; index < pairs.size(); ++index) {
    const auto place = std::lower_bound(ends.begin(), ends.end(), pairs[index].after, [&](std::size_t end, auto after) {
      return pairs[end].after < after;
    });
    previous[index] = place == ends.begin() ? no_line : *(place - 1);
    if (place == ends.end()) {
      ends.push_back(index);
    } else {
      *place = index;
    }
  }
  std::vector<Pair> longest;
  for (std::size_t index = ends.empty() ? no_line : ends.back(); index != no_line; index = previous[index]) {
    longest.push_back(pairs[index]);
  }
  std::reverse(longest.begin(), longest.end());
  return longest;
}

class LineMatching {
 public:
  LineMatching(const std::vector<std::string_view>& before, const std::vector<std::string_view>& after)
      : before_(numbered(before)),
        after_(numbered(after)),
        matches_(before.size(), no_line) {}

  std::vector<std::size_t> matches() {
    // A list of what is left to do, for recursion could become as deep as the text is long.
    std::vector<std::pair<Range, Range>> open{{{0, before_.size()}, {0, after_.size()}}};
    while (!open.empty()) {
      auto [before, after] = open.back();
      open.pop_back();
      match_ends(before, after);
      if (before.size() == 0 || after.size() == 0) {
        continue;
      }
      const std::vector<Pair> anchors = longest_ascending(unique_lines(before, after));
      if (anchors.empty()) {
        match_closely(before, after);
        continue;
      }
      for (const Pair& anchor : anchors) {
        matches_[anchor.before] = anchor.after;
        open.push_back({{before.begin, anchor.before}, {after.begin, anchor.after}});
        before.begin = anchor.before + 1;
        after.begin = anchor.after + 1;
      }
      open.push_back({before, after});
    }
    return std::move(matches_);
  }

 private:
  std::vector<std::size_t> numbered(const std::vector<std::string_view>& lines) {
    std::vector<std::size_t> numbers;
    numbers.reserve(lines.size());
    for (const std::string_view line : lines) {
      numbers.push_back(numbers_.emplace(line, numbers_.size()).first->second);
    }
    return numbers;
  }

  void match_ends(Range& before, Range& after) {
    while (before.size() > 0 && after.size() > 0 && before_[before.begin] == after_[after.begin]) {
      matches_[before.begin++] = after.begin++;
    }
    while (before.size() > 0 && after.size() > 0 && before_[before.end - 1] == after_[after.end - 1]) {
      matches_[--before.end] = --after.end;
    }
  }

  [[nodiscard]] std::vector<Pair> unique_lines(Range before, Range after) const {
    struct Seen {
      std::size_t times_before = 0;
      std::size_t times_after = 0;
      std::size_t at_after = 0;
    };

    std::unordered_map<std::size_t, Seen> seen;
    for (std::size_t line = before.begin; line < before.end; ++line) {
      ++seen[before_[line]].times_before;
    }
    for (std::size_t line = after.begin; line < after.end; ++line) {
      Seen& entry = seen[after_[line]];
      ++entry.times_after;
      entry.at_after = line;
    }
    std::vector<Pair> pairs;
    for (std::size_t line = before.begin; line < before.end; ++line) {
      const Seen& entry = seen.at(before_[line]);
      if (entry.times_before == 1 && entry.times_after == 1) {
        pairs.push_back({line, entry.at_after});
      }
    }
    return pairs;
  }

  /// The longest common subsequence, by the table.
  void match_closely(Range before, Range after) {
    constexpr std::size_t largest_table = std::size_t{1} << 20;
    if (before.size() > largest_table / (after.size() + 1)) {
      return;
    }
    const std::size_t width = after.size() + 1;
    std::vector<std::uint32_t> common((before.size() + 1) * width, 0);
    for (std::size_t line = before.size(); line-- > 0;) {
      for (std::size_t other = after.size(); other-- > 0;) {
        const bool same = before_[before.begin + line] == after_[after.begin + other];
        common[line * width + other] =
            same ? common[(line + 1) * width + other + 1] + 1
                 : std::max(common[(line + 1) * width + other], common[line * width + other + 1]);
      }
    }
    for (std::size_t line = 0, other = 0; line < before.size() && other < after.size();) {
      if (before_[before.begin + line] == after_[after.begin + other]) {
        matches_[before.begin + line++] = after.begin + other++;
      } else if (common[(line + 1) * width + other] >= common[line * width + other + 1]) {
        ++line;
      } else {
        ++other;
      }
    }
  }

  std::unordered_map<std::string_view, std::size_t> numbers_;
  std::vector<std::size_t> before_;
  std::vector<std::size_t> after_;
  std::vector<std::size_t> matches_;
};

}  // namespace

std::vector<std::string_view> lines_with_ends(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::size_t size = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

std::vector<std::size_t> match_lines(const std::vector<std::string_view>& before,
                                     const std::vector<std::string_view>& after) {
  return LineMatching(before, after).matches();
}

}  // namespace ame

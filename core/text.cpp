// SPDX-License-Identifier: Apache-2.0
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace ame {
namespace {

std::string listed(const std::vector<std::string>& words, std::string_view last_joint) {
  std::string list;
  for (std::size_t index = 0; index < words.size(); ++index) {
    if (index > 0) {
      list += index + 1 == words.size() ? last_joint : ", ";
    }
    list += fmt::format("`{}`", words[index]);
  }
  return list;
}

std::string lower_case(std::string_view word) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return lower;
}

/// Damerau's distance (optimal string alignment) in three rows.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before_last(right.size() + 1);
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t column = 0; column <= right.size(); ++column) {
    last[column] = column;
  }
  for (std::size_t line = 1; line <= left.size(); ++line) {
    row[0] = line;
    for (std::size_t column = 1; column <= right.size(); ++column) {
      const std::size_t change = left[line - 1] == right[column - 1] ? 0 : 1;
      row[column] = std::min({last[column] + 1, row[column - 1] + 1, last[column - 1] + change});
      const bool swapped =
          line > 1 && column > 1 && left[line - 1] == right[column - 2] && left[line - 2] == right[column - 1];
      if (swapped) {
        row[column] = std::min(row[column], before_last[column - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[right.size()];
}

/// A third of the word may be wrong; of a word of two letters one, of one letter none.
std::size_t tolerated_mistakes(std::size_t length) {
  return length < 2 ? 0 : std::max<std::size_t>(1, length / 3);
}

bool needs_quotes(char letter) {
  constexpr std::string_view safe = "%+,-./:=@_";
  return std::isalnum(static_cast<unsigned char>(letter)) == 0 && safe.find(letter) == std::string_view::npos;
}

}  // namespace

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string one_of(const std::vector<std::string>& words) {
  return listed(words, " or ");
}

std::string all_of(const std::vector<std::string>& words) {
  return listed(words, " and ");
}

std::optional<std::string> nearest(std::string_view wanted, const std::vector<std::string>& words) {
  constexpr std::size_t longest = 200;  // a name beyond that is no slip of the keyboard, and the search is quadratic
  if (wanted.size() > longest) {
    return std::nullopt;
  }
  const std::string lower = lower_case(wanted);
  const std::string* best = nullptr;
  std::size_t best_distance = tolerated_mistakes(wanted.size()) + 1;
  for (const std::string& word : words) {
    const std::size_t difference = std::max(word.size(), lower.size()) - std::min(word.size(), lower.size());
    if (word == wanted || difference >= best_distance) {
      continue;
    }
    const std::size_t found = distance(lower, lower_case(word));
    if (found < best_distance) {
      best = &word;
      best_distance = found;
    }
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& words) {
  const std::optional<std::string> near = nearest(wanted, words);
  return near ? fmt::format("did you mean `{}`?", *near) : std::string();
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  constexpr std::uint64_t step = 1024;
  if (bytes < step) {
    return counted(bytes, "byte");
  }
  auto amount = static_cast<double>(bytes) / step;
  std::size_t unit = 0;
  while (amount >= step && unit + 1 < units.size()) {
    amount /= step;
    ++unit;
  }
  constexpr double few = 9.95;
  return amount < few ? fmt::format("{:.1f} {}", amount, units[unit]) : fmt::format("{:.0f} {}", amount, units[unit]);
}

std::string shell_quoted(std::string_view word) {
  if (!word.empty() && std::none_of(word.begin(), word.end(), needs_quotes)) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char letter : word) {
    quoted += letter == '\'' ? std::string_view("'\\''") : std::string_view(&letter, 1);
  }
  return quoted + "'";
}

}  // namespace ame

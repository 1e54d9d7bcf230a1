// SPDX-License-Identifier: Apache-2.0
#include "core/files/wildcard.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace ame {

namespace {

using ClassTest = int (*)(int);

constexpr std::array<std::pair<std::string_view, ClassTest>, 12> named_classes = {{
    {"alnum", std::isalnum},
    {"alpha", std::isalpha},
    {"blank", std::isblank},
    {"cntrl", std::iscntrl},
    {"digit", std::isdigit},
    {"graph", std::isgraph},
    {"lower", std::islower},
    {"print", std::isprint},
    {"punct", std::ispunct},
    {"space", std::isspace},
    {"upper", std::isupper},
    {"xdigit", std::isxdigit},
}};

/// What one element of a pattern says of one byte, and where the next element begins.
struct Element {
  std::size_t end = 0;
  bool matches = false;
};

/// `[:digit:]` at the given place inside brackets; none when it is not one.
std::optional<Element> named_class(std::string_view pattern, std::size_t at, unsigned char byte) {
  const auto close = pattern.find(":]", at + 2);
  if (pattern.substr(at, 2) != "[:" || close == std::string_view::npos) {
    return std::nullopt;
  }
  const auto name = pattern.substr(at + 2, close - at - 2);
  const auto found = std::ranges::find(named_classes, name, &std::pair<std::string_view, ClassTest>::first);
  return Element{.end = close + 2, .matches = found != named_classes.end() && found->second(byte) != 0};
}

/// A byte of a set, perhaps written with a backslash.
struct Letter {
  unsigned char byte = 0;
  std::size_t end = 0;
};

Letter letter_at(std::string_view pattern, std::size_t at) {
  if (pattern[at] == '\\' && at + 1 < pattern.size()) {
    ++at;
  }
  return {.byte = static_cast<unsigned char>(pattern[at]), .end = at + 1};
}

Element range_at(std::string_view pattern, std::size_t at, unsigned char byte) {
  const Letter first = letter_at(pattern, at);
  const bool is_range = first.end + 1 < pattern.size() && pattern[first.end] == '-' && pattern[first.end + 1] != ']';
  const Letter last = is_range ? letter_at(pattern, first.end + 1) : first;
  return {.end = last.end, .matches = first.byte <= byte && byte <= last.byte};
}

/// None when the bracket is never closed: then nothing matches, as git has it.
std::optional<Element> bracket_at(std::string_view pattern, std::size_t at, unsigned char byte) {
  std::size_t next = at + 1;
  const bool negated = next < pattern.size() && (pattern[next] == '!' || pattern[next] == '^');
  next += negated ? 1 : 0;
  bool found = false;
  for (bool first = true; next < pattern.size() && (first || pattern[next] != ']'); first = false) {
    const Element element = named_class(pattern, next, byte).value_or(range_at(pattern, next, byte));
    found = found || element.matches;
    next = element.end;
  }
  if (next >= pattern.size()) {
    return std::nullopt;
  }
  return Element{.end = next + 1, .matches = found != negated};
}

Element element_at(std::string_view pattern, std::size_t at, unsigned char byte) {
  switch (pattern[at]) {
    case '?':
      return {.end = at + 1, .matches = true};
    case '[':
      return bracket_at(pattern, at, byte).value_or(Element{.end = pattern.size(), .matches = false});
    default: {
      const Letter letter = letter_at(pattern, at);
      return {.end = letter.end, .matches = letter.byte == byte};
    }
  }
}

}  // namespace

bool wildcard_matches(std::string_view pattern, std::string_view name) {
  std::size_t at = 0;
  std::size_t position = 0;
  // Where to go on after the last star when a guess of its length was wrong; longer guesses never need an earlier star.
  std::size_t after_star = std::string_view::npos;
  std::size_t star_position = 0;
  while (position < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      after_star = ++at;
      star_position = position;
      continue;
    }
    const Element element =
        at < pattern.size() ? element_at(pattern, at, static_cast<unsigned char>(name[position])) : Element{};
    if (element.matches) {
      at = element.end;
      ++position;
    } else if (after_star != std::string_view::npos) {
      at = after_star;
      position = ++star_position;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

bool segments_match(const std::vector<std::string>& pattern, const std::vector<std::string_view>& path) {
  // reachable[i]: the pattern so far can end right before path[i].
  std::vector<char> reachable(path.size() + 1, 0);
  reachable[0] = 1;
  for (std::size_t index = 0; index < pattern.size(); ++index) {
    std::vector<char> next(path.size() + 1, 0);
    const bool any = pattern[index] == "**";
    // At the end `**` means what lies below, not the directory itself.
    const bool at_least_one = any && index + 1 == pattern.size();
    for (std::size_t place = 0; place <= path.size(); ++place) {
      if (any) {
        const bool from_here = reachable[place] != 0 && !at_least_one;
        const bool further = place > 0 && (next[place - 1] != 0 || reachable[place - 1] != 0);
        next[place] = from_here || further ? 1 : 0;
      } else if (place > 0 && reachable[place - 1] != 0 && wildcard_matches(pattern[index], path[place - 1])) {
        next[place] = 1;
      }
    }
    reachable = std::move(next);
  }
  return reachable[path.size()] != 0;
}

std::vector<std::string_view> path_segments(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (end > 0) {
      segments.push_back(path.substr(0, end));
    }
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return segments;
}

}  // namespace ame

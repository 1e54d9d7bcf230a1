// SPDX-License-Identifier: Apache-2.0
#include "core/model/duration.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace ame {

namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t milliseconds;
};

constexpr std::array<Unit, 6> units = {{
    {"w", 7LL * 24 * 3600 * 1000},
    {"d", 24LL * 3600 * 1000},
    {"h", 3600LL * 1000},
    {"m", 60LL * 1000},
    {"s", 1000},
    {"ms", 1},
}};

constexpr std::int64_t longest = 1000LL * 366 * 24 * 3600 * 1000;

/// A number with up to three decimals, in thousandths; none where there is no such number at `at`.
std::optional<std::int64_t> read_thousandths(std::string_view text, std::size_t& at) {
  std::int64_t value = 0;
  int decimals = -1;
  const std::size_t begin = at;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && decimals < 0 && at > begin) {
      decimals = 0;
    } else if (text[at] >= '0' && text[at] <= '9' && decimals < 3) {
      value = std::min(value * 10 + (text[at] - '0'), longest * 1000);
      decimals += decimals < 0 ? 0 : 1;
    } else {
      break;
    }
  }
  if (at == begin || decimals == 0) {
    return std::nullopt;
  }
  for (int missing = std::max(decimals, 0); missing < 3; ++missing) {
    value = std::min(value, longest) * 10;
  }
  return value;
}

DurationMistake no_duration(std::string_view text) {
  return {.message = "`" + std::string(text) + "` is not a duration", .hint = "for example `90s`, `15m` or `2h30m`"};
}

DurationMistake no_unit(std::string_view text) {
  const std::string number(text);
  return {.message = "`" + number + "` has no unit",
          .hint = "write `" + number + "s` for seconds, `" + number + "m` for minutes or `" + number + "h` for hours"};
}

}  // namespace

std::variant<std::chrono::milliseconds, DurationMistake> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto number = read_thousandths(text, at);
    if (!number) {
      return no_duration(text);
    }
    const std::size_t letters = std::min(text.find_first_of("0123456789", at), text.size()) - at;
    const std::string_view suffix = text.substr(at, letters);
    if (suffix.empty() && total == 0 && at == text.size()) {
      return no_unit(text);
    }
    const auto* unit = std::ranges::find(units, suffix, &Unit::suffix);
    const auto index = static_cast<std::size_t>(unit - units.begin());
    if (unit == units.end() || index < next_unit) {
      return no_duration(text);
    }
    if (*number / 1000 > longest / unit->milliseconds) {
      return DurationMistake{.message = "`" + std::string(text) + "` is too long", .hint = {}};
    }
    total += *number * unit->milliseconds / 1000;
    next_unit = index + 1;
    at += letters;
  }
  if (text.empty()) {
    return no_duration(text);
  }
  return std::chrono::milliseconds(total);
}

std::string duration_text(std::chrono::milliseconds duration) {
  std::string text;
  std::int64_t left = duration.count();
  for (const Unit& unit : units) {
    if (unit.suffix != "w" && left >= unit.milliseconds) {
      text += std::to_string(left / unit.milliseconds) + std::string(unit.suffix);
      left %= unit.milliseconds;
    }
  }
  return text.empty() ? "0s" : text;
}

}  // namespace ame

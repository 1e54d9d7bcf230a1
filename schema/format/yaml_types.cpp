// SPDX-License-Identifier: Apache-2.0
#include "schema/format/yaml_types.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace ame::schema {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view digits_and_lines = "0123456789_";

bool consists_of(std::string_view text, std::string_view letters) {
  return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

std::string_view without_sign(std::string_view text) {
  return text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
}

bool is_word(std::string_view text) {
  constexpr std::array words{
      "y", "yes", "n", "no", "true", "false", "on", "off", "null", "~", ".nan", ".inf", "+.inf", "-.inf", "=", "<<"};
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return std::find(words.begin(), words.end(), lower) != words.end();
}

bool is_integer(std::string_view text) {
  const std::string_view number = without_sign(text);
  if (number.starts_with("0x")) {
    return consists_of(number.substr(2), "0123456789abcdefABCDEF_");
  }
  if (number.starts_with("0b") || number.starts_with("0o")) {
    return consists_of(number.substr(2), "01234567_");
  }
  return !number.empty() && is_digit(number.front()) && consists_of(number, digits_and_lines);
}

bool is_exponent(std::string_view text) {
  return consists_of(without_sign(text), digits);
}

bool is_decimal(std::string_view text) {
  const std::string_view number = without_sign(text);
  const std::size_t e = number.find_first_of("eE");
  const std::string_view mantissa = number.substr(0, e);
  const bool exponent_fits = e == std::string_view::npos || is_exponent(number.substr(e + 1));
  const std::size_t point = mantissa.find('.');
  if (!exponent_fits || mantissa.find_first_of(digits) == std::string_view::npos) {
    return false;
  }
  const std::string_view whole = mantissa.substr(0, point);
  const std::string_view rest = point == std::string_view::npos ? std::string_view() : mantissa.substr(point + 1);
  return (whole.empty() || (is_digit(whole.front()) && consists_of(whole, digits_and_lines))) &&
         (rest.empty() || consists_of(rest, digits_and_lines));
}

/// Numbers to the base of 60, and times of day: `1:30`, `12:30:45.5`.
bool is_sexagesimal(std::string_view text) {
  std::string_view number = without_sign(text);
  if (number.empty() || !is_digit(number.front()) || number.find(':') == std::string_view::npos) {
    return false;
  }
  number = number.substr(0, number.find('.'));
  while (!number.empty()) {
    const std::string_view part = number.substr(0, number.find(':'));
    if (!consists_of(part, digits_and_lines)) {
      return false;
    }
    number.remove_prefix(std::min(part.size() + 1, number.size()));
  }
  return true;
}

bool is_date(std::string_view text) {
  const std::size_t first = text.find('-');
  const std::size_t second = first == std::string_view::npos ? first : text.find('-', first + 1);
  if (first != 4 || second == std::string_view::npos || second > 7) {
    return false;
  }
  const std::string_view day = text.substr(second + 1, 2);
  return consists_of(text.substr(0, first), digits) &&
         consists_of(text.substr(first + 1, second - first - 1), digits) &&
         consists_of(day.substr(0, day.find_first_not_of(digits)), digits) &&
         text.find_first_not_of("0123456789-:.TtZz+ \t") == std::string_view::npos;
}

}  // namespace

bool is_retyped(std::string_view text) {
  return text.empty() || is_word(text) || is_integer(text) || is_decimal(text) || is_sexagesimal(text) || is_date(text);
}

bool is_changed_by_retyping(std::string_view text) {
  if (!is_retyped(text)) {
    return false;
  }
  const char* const end = text.data() + text.size();
  long long whole = 0;
  if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc() && read.ptr == end) {
    return std::to_string(whole) != text;
  }
  double decimal = 0;
  std::array<char, 64> shortest{};
  if (const auto read = std::from_chars(text.data(), end, decimal); read.ec == std::errc() && read.ptr == end) {
    const auto written =
        std::to_chars(shortest.data(), shortest.data() + shortest.size(), decimal, std::chars_format::fixed);
    return written.ec != std::errc() || std::string_view(shortest.data(), written.ptr) != text;
  }
  return true;
}

}  // namespace ame::schema

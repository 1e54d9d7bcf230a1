// SPDX-License-Identifier: Apache-2.0
#include "core/model/quantity.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace ame {

namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t largest_whole = std::numeric_limits<std::int64_t>::max();
constexpr Wide largest_milli = Wide{largest_whole} * 1000 + 999;

/// A unit is ten to the one and two to the other.
struct Unit {
  std::string_view suffix;
  int ten = 0;
  int two = 0;
};

constexpr std::array<Unit, 16> units = {{
    {"", 0, 0},
    {"k", 3, 0},
    {"M", 6, 0},
    {"G", 9, 0},
    {"T", 12, 0},
    {"P", 15, 0},
    {"E", 18, 0},
    {"Ki", 0, 10},
    {"Mi", 0, 20},
    {"Gi", 0, 30},
    {"Ti", 0, 40},
    {"Pi", 0, 50},
    {"Ei", 0, 60},
    {"m", -3, 0},
    {"u", -6, 0},
    {"n", -9, 0},
}};

/// The digits of `1.50` as 150 with 2 of them behind the point.
struct Digits {
  Wide value = 0;
  int behind_point = 0;
  bool more = false;  ///< something other than zero was left out at the end
  bool any = false;
  std::size_t length = 0;  ///< characters read
};

constexpr Wide enough_digits = Wide{1'000'000'000'000} * 1'000'000'000'000;

Digits read_digits(std::string_view text) {
  Digits digits;
  bool behind = false;
  for (; digits.length < text.size(); ++digits.length) {
    const char c = text[digits.length];
    if (c == '.' && !behind) {
      behind = true;
      continue;
    }
    if (c < '0' || c > '9') {
      break;
    }
    digits.any = true;
    if (digits.value < enough_digits) {
      digits.value = digits.value * 10 + (c - '0');
      digits.behind_point += behind ? 1 : 0;
    } else {
      digits.more = digits.more || c != '0';
      digits.behind_point -= behind ? 0 : 1;
    }
  }
  return digits;
}

std::optional<int> read_exponent(std::string_view text) {
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) {
    return std::nullopt;
  }
  const bool negative = text[1] == '-';
  std::size_t at = negative || text[1] == '+' ? 2 : 1;
  if (at == text.size()) {
    return std::nullopt;
  }
  int exponent = 0;
  for (; at < text.size(); ++at) {
    if (text[at] < '0' || text[at] > '9') {
      return std::nullopt;
    }
    exponent = std::min(exponent * 10 + (text[at] - '0'), 1000);
  }
  return negative ? -exponent : exponent;
}

std::optional<Unit> read_unit(std::string_view text) {
  if (const auto exponent = read_exponent(text)) {
    return Unit{.suffix = {}, .ten = *exponent, .two = 0};
  }
  const auto* found = std::ranges::find(units, text, &Unit::suffix);
  return found == units.end() ? std::nullopt : std::optional(*found);
}

/// Thousandths, rounded up; none where they are too many.
std::optional<Wide> scaled(const Digits& digits, const Unit& unit) {
  Wide value = digits.value;
  if (value == 0 && !digits.more) {
    return 0;
  }
  int ten = 3 + unit.ten - digits.behind_point;
  bool rest = digits.more;
  // Tens below the point take twos away from a binary unit: so 25 digits times 2^60 stay exact.
  int two = unit.two;
  int five = 0;
  for (; ten < 0 && two > 0; ++ten, --two) {
    ++five;
  }
  if (two > 0 && value > (std::numeric_limits<Wide>::max() >> two)) {
    return std::nullopt;
  }
  value *= Wide{1} << two;
  for (; five > 0 && value != 0; --five) {
    rest = rest || value % 5 != 0;
    value /= 5;
  }
  for (; ten > 0; --ten) {
    if (__builtin_mul_overflow(value, Wide{10}, &value)) {
      return std::nullopt;
    }
  }
  for (; ten < 0 && value != 0; ++ten) {
    rest = rest || value % 10 != 0;
    value /= 10;
  }
  value += rest ? 1 : 0;
  return value > largest_milli ? std::nullopt : std::optional(value);
}

std::string in_backticks(std::string_view text) {
  return "`" + std::string(text) + "`";
}

/// What people write for a unit, and what they mean.
std::string hint_for_unit(std::string_view number, std::string_view suffix) {
  std::string letters;
  for (const char c : suffix) {
    if (c != ' ') {
      letters += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
  }
  if (!letters.empty() && std::string_view("KMGTPE").find(letters[0]) != std::string_view::npos &&
      (letters.size() == 1 || letters.substr(1) == "B" || letters.substr(1) == "I" || letters.substr(1) == "IB")) {
    const std::string decimal = letters[0] == 'K' ? "k" : letters.substr(0, 1);
    const std::string binary = letters.substr(0, 1) + "i";
    return "write " + in_backticks(std::string(number) + decimal) + " (powers of 1000) or " +
           in_backticks(std::string(number) + binary) + " (powers of 1024)";
  }
  return "a number with one of the units n u m k M G T P E Ki Mi Gi Ti Pi Ei, or with none";
}

std::string decimal_text(Wide value) {
  std::string text;
  do {
    text += static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  std::ranges::reverse(text);
  return text;
}

}  // namespace

Quantity Quantity::of_milli(std::int64_t milli) {
  Quantity quantity;
  quantity.whole_ = milli / 1000;
  quantity.milli_ = static_cast<std::int16_t>(milli % 1000);
  return quantity;
}

Quantity Quantity::of_whole(std::int64_t whole) {
  Quantity quantity;
  quantity.whole_ = whole;
  return quantity;
}

std::variant<Quantity, QuantityMistake> Quantity::parse(std::string_view text) {
  if (text.empty()) {
    return QuantityMistake{.message = "a quantity is missing", .hint = "for example `2`, `500m` or `4Gi`"};
  }
  const bool negative = text[0] == '-';
  const std::string_view unsigned_text = negative || text[0] == '+' ? text.substr(1) : text;
  const Digits digits = read_digits(unsigned_text);
  const std::string_view suffix = unsigned_text.substr(digits.length);
  if (!digits.any) {
    return QuantityMistake{.message = in_backticks(text) + " is not a quantity",
                           .hint = "for example `2`, `500m` or `4Gi`"};
  }
  const auto unit = read_unit(suffix);
  if (!unit) {
    return QuantityMistake{.message = in_backticks(text) + " is not a quantity",
                           .hint = hint_for_unit(unsigned_text.substr(0, digits.length), suffix)};
  }
  const auto milli = scaled(digits, *unit);
  if (negative && milli != Wide{0}) {
    return QuantityMistake{.message = in_backticks(text) + " is negative", .hint = {}};
  }
  if (!milli) {
    return QuantityMistake{.message = in_backticks(text) + " is too large", .hint = "the most is 2^63-1"};
  }
  Quantity quantity;
  quantity.whole_ = static_cast<std::int64_t>(*milli / 1000);
  quantity.milli_ = static_cast<std::int16_t>(*milli % 1000);
  return quantity;
}

std::int64_t Quantity::milli() const {
  const Wide milli = Wide{whole_} * 1000 + milli_;
  return milli > largest_whole ? largest_whole : static_cast<std::int64_t>(milli);
}

std::string Quantity::text() const {
  if (milli_ != 0) {
    return decimal_text(Wide{whole_} * 1000 + milli_) + "m";
  }
  if (whole_ == 0) {
    return "0";
  }
  std::string shortest = std::to_string(whole_);
  for (const Unit& unit : units) {
    Wide size = Wide{1} << unit.two;
    for (int ten = 0; ten < unit.ten; ++ten) {
      size *= 10;
    }
    if (unit.ten < 0 || whole_ % size != 0) {
      continue;
    }
    std::string text = decimal_text(whole_ / size) + std::string(unit.suffix);
    if (text.size() < shortest.size()) {
      shortest = std::move(text);
    }
  }
  return shortest;
}

}  // namespace ame

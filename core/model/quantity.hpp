// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace ame {

/// Why a text is no quantity, and what would be one.
struct QuantityMistake {
  std::string message;
  std::string hint;
};

/// An amount in Kubernetes notation (`500m`, `1.5Gi`, `2E3`), exact to a thousandth. Not floating point: `0.1` is 100m.
/// More than three decimals round up; more than 2^63-1 whole units is a mistake, never a wrap.
class Quantity {
 public:
  Quantity() = default;

  static Quantity of_milli(std::int64_t milli);
  static Quantity of_whole(std::int64_t whole);

  /// Accepts a number with an optional exponent (`2e3`, `2E3`) or one suffix of n u m k M G T P E Ki Mi Gi Ti Pi Ei.
  static std::variant<Quantity, QuantityMistake> parse(std::string_view text);

  /// Rounded up.
  [[nodiscard]] std::int64_t whole() const { return milli_ == 0 || whole_ == INT64_MAX ? whole_ : whole_ + 1; }

  /// In thousandths, the largest std::int64_t where that is exceeded.
  [[nodiscard]] std::int64_t milli() const;

  /// The shortest equal form: `1536Mi`, `1500m`, `129M`. parse(text()) gives the same quantity.
  [[nodiscard]] std::string text() const;

  [[nodiscard]] bool is_zero() const { return whole_ == 0 && milli_ == 0; }

  auto operator<=>(const Quantity&) const = default;

 private:
  std::int64_t whole_ = 0;
  std::int16_t milli_ = 0;  ///< 0 to 999, added to whole_
};

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace ame {

/// Why a text is no duration, and what would be one.
struct DurationMistake {
  std::string message;
  std::string hint;
};

/// A length of time: whole or decimal numbers with the units `w`, `d`, `h`, `m`, `s` and `ms`, the largest first:
/// `90s`, `2h30m`, `1.5h`. A bare number is a mistake, since nobody can tell its unit. At most 1000 years.
std::variant<std::chrono::milliseconds, DurationMistake> parse_duration(std::string_view text);

/// The same way round: `2h30m`, `1m30s`, `250ms`, `0s`.
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#include "clusters/told_state.hpp"

#include <cmath>

#include "clusters/line_fields.hpp"

namespace ame::clusters {

namespace {

/// Of seconds; where `date` knows no parts of them, whole ones.
std::int64_t milliseconds_in(std::string_view text) {
  const std::int64_t seconds = number_in<std::int64_t>(take(text, '.')).value_or(0);
  return 1000 * seconds + number_in<std::int64_t>(text).value_or(0);
}

/// "1m2.5s", as the shell's `times` prints it; none for something else.
std::optional<std::chrono::milliseconds> time_in(std::string_view text) {
  if (!text.ends_with('s') || text.find('m') == std::string_view::npos) {
    return std::nullopt;
  }
  const auto minutes = number_in<std::int64_t>(take(text, 'm'));
  const auto seconds = number_in<double>(text);
  if (!minutes || !seconds) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(60'000 * *minutes + std::llround(1000 * *seconds));
}

}  // namespace

ToldState read_told(std::string_view text) {
  ToldState told;
  for (std::string_view line : whole_lines(text)) {
    const std::string_view word = take(line, ' ');
    if (word == "begun") {
      told.begun = milliseconds_in(take(line, ' '));
      told.node = std::string(line);
    } else if (word == "ended") {
      told.exit_code = number_in<int>(take(line, ' '));
      told.ended = milliseconds_in(take(line, ' '));
      told.written[0] = number_in<std::uint64_t>(take(line, ' ')).value_or(0);
      told.written[1] = number_in<std::uint64_t>(line).value_or(0);
    } else if (const auto user = time_in(word)) {
      // The shell's own comes first; that of its children is the one that counts.
      told.cpu = *user + time_in(line).value_or(std::chrono::milliseconds(0));
    }
  }
  return told;
}

}  // namespace ame::clusters

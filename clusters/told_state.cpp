// SPDX-License-Identifier: Apache-2.0
#include "clusters/told_state.hpp"

#include "clusters/line_fields.hpp"

namespace ame::clusters {

namespace {

/// Of seconds; where `date` knows no parts of them, whole ones.
std::int64_t milliseconds_in(std::string_view text) {
  const std::int64_t seconds = number_in<std::int64_t>(take(text, '.')).value_or(0);
  return 1000 * seconds + number_in<std::int64_t>(text).value_or(0);
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
    }
  }
  return told;
}

}  // namespace ame::clusters

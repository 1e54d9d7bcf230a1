// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ame {

/// One event as a line of JSON, written as it is told: two of them for each step of a run, where a tree of values
/// would cost more than the rest of the step's book-keeping.
class EventLine {
 public:
  explicit EventLine(std::string_view event);

  /// Bytes that are no UTF-8 are shown as such, never a reason to lose the event.
  EventLine& text(std::string_view key, std::string_view value);
  EventLine& number(std::string_view key, std::int64_t value);
  EventLine& flag(std::string_view key, bool value);

  /// With its end of line.
  std::string finish() &&;

 private:
  void begin(std::string_view key);
  void quote(std::string_view value);

  std::string line_;
};

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace ame::cli {

/// Cuts bytes that come in any pieces into lines. Of a line that overwrote itself with carriage returns (a progress
/// bar) the last state is kept. Memory does not grow with the length of a line: a very long one comes in parts.
class LineSplitter {
 public:
  using Visit = std::function<void(std::string_view line)>;

  /// Calls visit with each line that became complete, without its end.
  void add(std::string_view bytes, const Visit& visit);

  /// The line that has no end, if there is one.
  void finish(const Visit& visit);

 private:
  void add_part(std::string_view part);

  std::string pending_;
};

}  // namespace ame::cli

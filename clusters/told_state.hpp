// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ame::clusters {

/// What a step's script has told of itself.
struct ToldState {
  std::int64_t begun = 0;  ///< milliseconds since 1970; 0: not yet
  std::string node;
  std::optional<int> exit_code;               ///< none: it has not ended
  std::int64_t ended = 0;                     ///< milliseconds since 1970
  std::array<std::uint64_t, 2> written = {};  ///< bytes of standard output and standard error, at its end
  std::chrono::milliseconds cpu{0};           ///< used by all that the script has started
};

/// A line that was not written to its end is left out.
ToldState read_told(std::string_view text);

}  // namespace ame::clusters

// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/durations.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/model/duration.hpp"

namespace ame::cli {

std::chrono::milliseconds duration_option(const std::string& option, const std::string& value) {
  const auto parsed = parse_duration(value);
  if (const auto* mistake = std::get_if<DurationMistake>(&parsed)) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("`{}`: {}", option, mistake->message), .hint = mistake->hint});
  }
  return std::get<std::chrono::milliseconds>(parsed);
}

}  // namespace ame::cli

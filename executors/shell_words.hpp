// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ame::executors {

/// The words a POSIX shell would make of a line, without expanding anything: Python's `shlex.split`. None where a quote
/// is not closed.
std::optional<std::vector<std::string>> shell_words(std::string_view line);

/// In double quotes, so that a shell still fills in `$NAME` and `${NAME}` and does nothing else.
std::string quoted_but_variables(std::string_view word);

}  // namespace ame::executors

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/model/task.hpp"
#include "core/run/job.hpp"

namespace ame {

/// The command, where it starts and the image, as one text: equal where the same would be started.
std::string described_command(const Job& job);

/// The variables that the step is given by its task and the command line, one a line. What ame itself provides does
/// not count. No value that may be secret stands in it: of such a variable only the name counts.
std::string described_variables(const Job& job, const Task& task);

/// Two of them, whatever secrets the step is given: who only looks fetches none.
bool are_same_but_for_secrets(std::string_view one, std::string_view other);

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/model/project.hpp"

namespace ame::cli {

/// The named tasks, each once. Throws Error(usage), with what is near and all there are, for a name that no task has.
std::vector<TaskName> tasks_named(const Project& project, const std::vector<std::string>& names);

/// What becomes of a missing name where the project has just one task.
enum class OnlyTask { ask, take };

/// As above; without names a person is asked, and without a person Error(usage) lists the tasks. None when the person
/// left without choosing.
std::optional<std::vector<TaskName>> tasks_named_or_asked(Session& session,
                                                          const Project& project,
                                                          const std::vector<std::string>& names,
                                                          const std::string& command,
                                                          OnlyTask only = OnlyTask::ask);

}  // namespace ame::cli

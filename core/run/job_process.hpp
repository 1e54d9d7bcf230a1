// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/model/command.hpp"
#include "core/model/resources.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

/// What is started for a command: a shell, where it is one text.
std::vector<std::string> argv_of(const CommandText& command);

/// What its process is held to.
ProcessLimits limits_of(const Resources& resources);

/// A sentence on why a program could not be started in a directory.
std::string start_failure(const std::string& program, const std::string& directory, const ProcessEnded& end);

/// "exceeded 4Gi of memory, peak 4.3Gi".
std::string description_of(const LimitExceeded& exceeded);

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/graph/task_graph.hpp"
#include "core/model/task.hpp"
#include "core/ports/file_system.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// A step for another machine.
struct StepToRender {
  const Step& step;
  const Job& job;                 ///< of the step, with no variables inherited from the caller
  std::filesystem::path project;  ///< where the project's files will be there, absolute
};

/// A script for /bin/sh that needs nothing of ame: finds a Python that fits, makes the step's environment or finds it,
/// and runs its command, again where the task's `retries` say so. AME_CLUSTER_PROJECT and AME_CLUSTER_CACHE move it
/// elsewhere. It ends as the command does; with 125 where the command could not be started. `header` stands after its
/// first line.
std::string step_script(const StepToRender& wanted, const std::string& header, const FileReader& files);

}  // namespace ame::clusters

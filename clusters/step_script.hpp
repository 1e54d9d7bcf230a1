// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/task_graph.hpp"
#include "core/model/task.hpp"
#include "core/ports/file_system.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// Letters, digits, `-`, `_` and `.`; what else a name has becomes `-`.
std::string plain_name(std::string_view name);

/// What the files of a step are called that a job of it needs or makes: "3-fit".
std::string name_of_step(StepIndex index, const Step& step);

/// A step for another machine.
struct StepToRender {
  const Step& step;
  const Job& job;                 ///< of the step, with no variables inherited from the caller
  std::filesystem::path project;  ///< where the project's files will be there, absolute
  std::string secrets;            ///< name of the file in $AME_SECRETS that sets its secrets
  bool has_secrets_file = false;  ///< although the task declares none
  std::string told_as = {};  ///< names the files in $AME_TOLD that tell its begin, its end and its output; empty: none
};

/// Variables that have to be set for a step, whose values nobody may write down.
std::vector<std::string> secret_variables_of(const Task& task);

/// A script for /bin/sh that needs nothing of ame: finds a Python that fits, makes the step's environment or finds it,
/// and runs its command, again where the task's `retries` say so. AME_CLUSTER_PROJECT and AME_CLUSTER_CACHE move it
/// elsewhere. Secrets are variables that it was started with, or that a file sets, which it removes. It ends as the
/// command does; with 125 where the command could not be started. `header` stands after its first line.
std::string step_script(const StepToRender& wanted, const std::string& header, const FileReader& files);

}  // namespace ame::clusters

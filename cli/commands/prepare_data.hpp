// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cli/commands/carry_out.hpp"
#include "cli/session.hpp"
#include "core/data/data_set_work.hpp"
#include "core/model/project.hpp"

namespace ame::cli {

/// A run that makes data sets, with all that they need. `wanted` is not empty.
PreparedRun prepare_making(Project project, const std::vector<DataSet>& wanted, const FileReader& files);

struct DataWishes {
  std::vector<TaskName> targets;  ///< whose steps stay, whoever needs them
  const RunWishes& wishes;
};

/// Looks at the data sets that the run makes, and leaves out the steps of those that are ready, with what only they
/// need.
void leave_out_ready_data(PreparedRun& run, const DataWishes& wishes, Session& session);

StepArtifactPorts artifact_ports(Session& session);

DataSetPorts data_set_ports(Session& session);

}  // namespace ame::cli

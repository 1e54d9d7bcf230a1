// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/commands/carry_out.hpp"
#include "cli/session.hpp"
#include "core/exit_code.hpp"
#include "core/model/cluster.hpp"

namespace ame::cli {

/// What the command line says of a run on a cluster.
struct ClusterWishes {
  Cluster cluster;
  bool strict = false;             ///< what the engine cannot be told is an error
  bool yes = false;                ///< send the files, however large they are
  std::filesystem::path files_of;  ///< an earlier run whose files it goes on with, there; empty: those of the project
  std::string download;            ///< where artifacts are put at the end; empty: nowhere
};

/// Shows what would be sent: the files in numbers, and the scripts as they are.
ExitCode show_cluster_run(const PreparedRun& run, const RunWishes& wishes, const ClusterWishes& on, Session& session);

/// Sends the project's files, submits the whole graph, and follows it to its end. Throws Error(machine), with nothing
/// left in the queue, when it could not be submitted whole.
ExitCode run_on_cluster(PreparedRun& run, const RunWishes& wishes, const ClusterWishes& on, Session& session);

}  // namespace ame::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/command_spec.hpp"
#include "cli/commands/run_containers.hpp"
#include "cli/commands/run_machine.hpp"
#include "core/run/container_process_runner.hpp"
#include "core/run/local_job_runner.hpp"
#include "core/run/watching_process_runner.hpp"

namespace ame::cli {

/// The options that say how much of this machine a run may use, and whether steps run in containers.
struct LocalWishes {
  MachineShare share;
  ContainerWishes containers;
};

/// `--resources`, `--best-effort`, `--container` and their kin; `-j` is the command's own.
std::vector<OptionSpec> local_options(LocalWishes& wishes);

/// What is to run.
struct LocalRun {
  const Project& project;
  const TaskGraph& graph;
  const std::vector<StepPlan>& plans;
  Environments& environments;                        ///< of steps that run on this machine itself
  const std::map<std::string, std::string>& caller;  ///< of ame's own environment, what programs may inherit
};

/// This machine as a place to run one graph: resources are counted, memory is watched, images run in containers.
class LocalPlace {
 public:
  /// Throws before anything starts: Error(usage) for wishes that make no sense, Error(machine) with every step that
  /// asks for more than there is, or whose container cannot be.
  LocalPlace(const LocalRun& run, const LocalWishes& wishes, Session& session, Reporter& reporter);

  /// What jobs need to run here. Before they start.
  void prepare(std::vector<Job>& jobs) const;

  /// Starts jobs whether there is room for them or not.
  JobRunner& runner() { return local_; }

  /// What jobs are to be counted against before they come to the runner (AdmittingJobRunner).
  ResourcePool& pool() { return pool_; }

 private:
  MachineShare share_;
  ResourcePool pool_;
  RunContainers containers_;
  ContainerProcessRunner container_processes_;
  WatchingProcessRunner watched_;
  LocalJobRunner local_;
};

}  // namespace ame::cli

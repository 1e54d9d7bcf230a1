// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/data/keeping_elsewhere.hpp"
#include "core/data/step_artifacts.hpp"
#include "core/graph/task_graph.hpp"
#include "core/ports/clock.hpp"

namespace ame {

/// A run whose files are not in its project.
struct RunElsewhere {
  RunId id;
  std::string origin;
  std::filesystem::path project;     ///< where its steps leave their files
  std::filesystem::path before;      ///< of ame's own: what was there when a step last ended
  std::filesystem::path store_lock;  ///< as for keep_step_artifacts
};

/// Stands around a runner whose commands run where ame cannot look before they begin, and keeps the artifacts of each
/// step once it has ended. What changed is what changed since another step ended, or since the run began.
class ArtifactsElsewhere final : public KeepingElsewhere {
 public:
  /// All outlive this.
  ArtifactsElsewhere(
      JobRunner& inner, const TaskGraph& graph, RunElsewhere run, StepArtifactPorts ports, const Clock& clock);

 private:
  void keep(JobEnded& ended, const std::function<void(const std::string& line)>& tell) override;
  [[nodiscard]] StepArtifacts request_of(const JobEnded& ended) const;

  const TaskGraph& graph_;
  RunElsewhere run_;
  StepArtifactPorts ports_;
  const Clock& clock_;
  bool looks_for_changes_;
};

/// Whether a step of the graph keeps what has changed.
bool keeps_changes(const TaskGraph& graph);

/// Notes what is there now, for the steps that end next.
void look_at_files_elsewhere(const RunElsewhere& run, const StepArtifactPorts& ports);

}  // namespace ame

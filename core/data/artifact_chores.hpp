// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/data/artifact_request.hpp"
#include "core/data/chore.hpp"
#include "core/data/data_layout.hpp"
#include "core/graph/task_graph.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

struct ArtifactSettings {
  RunId run;
  std::string origin;
  std::filesystem::path run_directory;
  DataLayout layout;
};

/// For steps with `artifacts`: a look at the project's files just before the command, where changed files are wanted,
/// and the keeping afterwards. A further attempt is compared with what was there before the first.
class ArtifactChores final : public StepChores {
 public:
  /// All outlive this.
  ArtifactChores(const TaskGraph& graph, ArtifactSettings settings, FileSystem& files, const Clock& clock);

  AfterChore before(const Job& job) override;
  std::vector<Chore> after(const Job& job, const JobEnded& ended) override;
  void ended(const Job& job, const JobEnded& ended) override;

 private:
  [[nodiscard]] const Artifacts& wanted_of(const Job& job) const;
  [[nodiscard]] StepArtifacts request_of(const Job& job) const;
  std::filesystem::path write(const Job& job, const StepArtifacts& request, const std::string& name);

  const TaskGraph& graph_;
  ArtifactSettings settings_;
  FileSystem& files_;
  const Clock& clock_;
};

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#include "core/data/artifact_chores.hpp"

#include <utility>

namespace ame {

ArtifactChores::ArtifactChores(const TaskGraph& graph, ArtifactSettings settings, FileSystem& files, const Clock& clock)
    : graph_(graph),
      settings_(std::move(settings)),
      files_(files),
      clock_(clock) {}

AfterChore ArtifactChores::before(const Job& job) {
  if (!wanted_of(job).save_changed_files) {
    return GoOn{};
  }
  const StepArtifacts request = request_of(job);
  if (files_.status(request.before).kind == FileKind::regular) {
    return GoOn{};
  }
  return Insert{{{.command = "look-at-files",
                  .request = write(job, request, "look.json"),
                  .failure = "the project's files could not be looked at",
                  .in_environment = true,
                  .then = {}}}};
}

std::vector<Chore> ArtifactChores::after(const Job& job, const JobEnded& ended) {
  const Artifacts& wanted = wanted_of(job);
  const bool has_failed = ended.state == RunState::failed;
  if (!wants_any(wanted) || ended.state == RunState::cancelled || (has_failed && !wanted.save_on_failure)) {
    return {};
  }
  StepArtifacts request = request_of(job);
  if (has_failed) {
    let_be_absent(request.wanted);
  }
  return {{.command = "keep-artifacts",
           .request = write(job, request, "keep.json"),
           .failure = "its artifacts were not stored",
           .then = {}}};
}

void ArtifactChores::ended(const Job& job, const JobEnded& ended) {
  // What failed may be tried again, and is then compared with what was there before the first attempt.
  if (wants_any(wanted_of(job)) && ended.state != RunState::failed) {
    files_.remove_all(step_directory(settings_.run_directory, job.step));
  }
}

const Artifacts& ArtifactChores::wanted_of(const Job& job) const {
  return graph_.steps[job.step].task->artifacts;
}

StepArtifacts ArtifactChores::request_of(const Job& job) const {
  const Task& task = *graph_.steps[job.step].task;
  return {.project_directory = task.project_directory,
          .wanted = task.artifacts,
          .before = step_directory(settings_.run_directory, job.step) / "before.tree",
          .known = settings_.layout.tree_of(task.project_directory),
          .labels = {.project = task.project,
                     .task = task.name.text(),
                     .run = settings_.run,
                     .origin = settings_.origin,
                     .step = job.name,
                     .created = clock_.now(),
                     .entries = {},
                     .deleted = {}}};
}

std::filesystem::path ArtifactChores::write(const Job& job, const StepArtifacts& request, const std::string& name) {
  const std::filesystem::path directory = step_directory(settings_.run_directory, job.step);
  files_.make_directories(directory, FileMode::owner_only);
  files_.write_atomically(directory / name, step_artifacts_json(request), FileMode::owner_only);
  return directory / name;
}

}  // namespace ame

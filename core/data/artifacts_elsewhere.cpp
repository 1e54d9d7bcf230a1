// SPDX-License-Identifier: Apache-2.0
#include "core/data/artifacts_elsewhere.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace ame {

bool keeps_changes(const TaskGraph& graph) {
  return std::ranges::any_of(graph.steps, [](const Step& step) { return step.task->artifacts.save_changed_files; });
}

void look_at_files_elsewhere(const RunElsewhere& run, const StepArtifactPorts& ports) {
  current_snapshot(run.project, run.before, ports);
}

ArtifactsElsewhere::ArtifactsElsewhere(
    JobRunner& inner, const TaskGraph& graph, RunElsewhere run, StepArtifactPorts ports, const Clock& clock)
    : KeepingElsewhere(inner),
      graph_(graph),
      run_(std::move(run)),
      ports_(ports),
      clock_(clock),
      looks_for_changes_(keeps_changes(graph)) {}

void ArtifactsElsewhere::keep(JobEnded& ended, const std::function<void(const std::string& line)>& tell) {
  const Artifacts& wanted = graph_.steps[ended.step].task->artifacts;
  const bool has_failed = ended.state == RunState::failed;
  try {
    if (wants_any(wanted) && ended.state != RunState::cancelled && (!has_failed || wanted.save_on_failure)) {
      keep_step_artifacts(request_of(ended), run_.store_lock, ports_, tell);
    }
    if (looks_for_changes_) {
      look_at_files_elsewhere(run_, ports_);
    }
  } catch (const Error& error) {
    const std::string why = "its artifacts were not stored: " + error.diagnostics().front().message;
    if (has_failed || ended.state == RunState::cancelled) {
      tell(why);  // it is told to have failed of what it did fail of
    } else {
      ended.state = RunState::failed;
      ended.end = {.reason = why};
    }
  }
}

StepArtifacts ArtifactsElsewhere::request_of(const JobEnded& ended) const {
  const Step& step = graph_.steps[ended.step];
  StepArtifacts request{.project_directory = run_.project,
                        .wanted = step.task->artifacts,
                        .before = run_.before,
                        .known = {},
                        .labels = {.project = step.task->project,
                                   .task = step.task->name.text(),
                                   .run = run_.id,
                                   .origin = run_.origin,
                                   .step = step.name,
                                   .created = clock_.now(),
                                   .entries = {},
                                   .deleted = {}}};
  if (ended.state == RunState::failed) {
    let_be_absent(request.wanted);
  }
  return request;
}

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/cluster_follow.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/clean_up.hpp"
#include "cli/commands/cluster_data.hpp"
#include "cli/commands/prepare_data.hpp"
#include "cli/commands/run_chores.hpp"
#include "core/data/data_sets_elsewhere.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

constexpr std::chrono::milliseconds patience_with_the_end{30'000};

void note_trouble(const std::filesystem::path& file, const std::string& trouble, Session& session) {
  if (trouble.empty()) {
    session.ports.files().remove_all(file);
  } else {
    session.ports.files().write_atomically(file, trouble + "\n");
  }
}

/// What becomes of it is noted beside the run's other files.
std::unique_ptr<clusters::EngineRunner> runner_of(const FollowedRun& followed, Session& session) {
  const RunRecord& record = followed.journal.record();
  return followed.engine.follow(
      followed.place,
      followed.run.graph,
      display_name(record),
      {.looked = followed.looked,
       .troubled = [&session, file = trouble_file(record.id, session)](const std::string& trouble) {
         note_trouble(file, trouble, session);
       }});
}

void require_gone(const std::vector<std::string>& left, const FollowedRun& followed) {
  if (left.empty()) {
    return;
  }
  std::vector<std::string> shown(left.begin(), left.begin() + std::min<std::ptrdiff_t>(10, std::ssize(left)));
  throw Error(ExitCode::cluster,
              Diagnostic{.message = fmt::format("the cluster `{}` was told to end {}, and has not yet: {}{}",
                                                followed.place.cluster.name,
                                                counted(left.size(), "job"),
                                                fmt::join(shown, ", "),
                                                shown.size() < left.size() ? ", …" : ""),
                         .hint = followed.engine.help_with_what_is_left()});
}

std::set<StepIndex> done_well(const RunRecord& run) {
  std::set<StepIndex> done;
  for (StepIndex step = 0; step < run.steps.size(); ++step) {
    if (run.steps[step].state == RunState::succeeded) {
      done.insert(step);
    }
  }
  return done;
}

}  // namespace

std::filesystem::path trouble_file(RunId run, Session& session) {
  return session.ports.runs().directory_of(run) / "trouble";
}

RunElsewhere elsewhere(const RunRecord& run, const clusters::PlaceOfRun& place, Session& session) {
  return {.id = run.id,
          .origin = session.ports.origin(),
          .project = place.project(),
          .before = session.ports.runs().directory_of(run.id) / "before.tree",
          .store_lock = session.ports.data_layout().store_lock()};
}

ExitCode follow(FollowedRun followed, SecretsOfRun& secrets, WaitsFor* shortage, Session& session) {
  Ports& ports = session.ports;
  const std::unique_ptr<clusters::EngineRunner> runner = runner_of(followed, session);
  if (shortage != nullptr) {
    *shortage = [&](StepIndex step) { return runner->waits_for(followed.jobs[step]); };
  }
  std::optional<ArtifactsElsewhere> artifacts;
  if (keeps_artifacts(followed.run.graph)) {
    artifacts.emplace(*runner,
                      followed.run.graph,
                      elsewhere(followed.journal.record(), followed.place, session),
                      artifact_ports(session),
                      ports.clock());
  }
  JobRunner& with_artifacts = artifacts ? static_cast<JobRunner&>(*artifacts) : *runner;
  DataSetsElsewhere keeping(with_artifacts,
                            data_sets_to_keep(followed.journal.record().id, session),
                            followed.place.project(),
                            done_well(followed.journal.record()),
                            data_set_ports(session));
  ResumedOutput resumed(secrets.around(keeping), std::move(followed.known));
  // What does not need a step that failed goes on there whether or not it is followed.
  const RunRecord& record = run_graph(followed.run.graph,
                                      followed.jobs,
                                      OnFailure::keep_going,
                                      {resumed, followed.journal, followed.reporter, ports.clock()},
                                      std::move(followed.so_far));
  if (shortage != nullptr) {
    *shortage = nullptr;
  }
  const std::vector<std::string> left = runner->finish(patience_with_the_end);
  followed.engine.put_away(followed.place);
  require_gone(left, followed);
  note_trouble(trouble_file(record.id, session), "", session);
  clean_up_after(followed.run.project, record, session);
  return exit_code_of(record);
}

}  // namespace ame::cli

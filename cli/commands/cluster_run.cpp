// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/cluster_run.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/artifact_get.hpp"
#include "cli/commands/clean_up.hpp"
#include "cli/commands/cluster_data.hpp"
#include "cli/commands/cluster_files.hpp"
#include "cli/commands/cluster_follow.hpp"
#include "cli/commands/cluster_submission.hpp"
#include "cli/commands/cluster_world.hpp"
#include "cli/commands/freeze_run.hpp"
#include "cli/commands/prepare_data.hpp"
#include "cli/commands/run_chores.hpp"
#include "cli/commands/run_reporter.hpp"
#include "cli/commands/secrets_of_run.hpp"
#include "cli/commands/send_progress.hpp"
#include "core/error.hpp"
#include "core/run/silent_reporter.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

std::filesystem::path directory_for(const Cluster& cluster, const RunRecord& run, Session& session) {
  return cluster.directory / "runs" / fmt::format("{}-{}", display_name(run), session.ports.origin());
}

void require_artifacts(const PreparedRun& run, const ClusterWishes& on) {
  if (!on.download.empty() && !keeps_artifacts(run.graph)) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = "`--download` fetches artifacts, and no task of this run keeps any",
                           .hint = "`artifacts: {paths: […]}` keeps what a task leaves behind"});
  }
}

/// What is recorded of a run that could not be handed over.
void record_failure(RunJournal& journal, const Error& error, Session& session) {
  const RunState state = error.code() == ExitCode::interrupted ? RunState::cancelled : RunState::failed;
  journal.run_ended(state, error.diagnostics().front().message, session.ports.clock().now());
}

/// Throws Error(interrupted) when ame was asked to stop. Others may wait for nothing meanwhile.
void require_wanted(Session& session) {
  const ProcessEvent event = session.ports.processes().wait(session.ports.clock().steady());
  if (std::holds_alternative<StopRequested>(event)) {
    throw Error(ExitCode::interrupted, Diagnostic{.message = "it was stopped before it was submitted"});
  }
}

/// What is ready of data comes in place of what lies there.
std::vector<clusters::ShipmentPart> parts_of(const TravelPlan& travel,
                                             const std::filesystem::path& project,
                                             const clusters::ShipmentPart& data) {
  std::set<std::string_view> of_data;
  for (const TreeEntry& entry : data.tree) {
    of_data.insert(entry.path);
  }
  Tree tree;
  std::ranges::copy_if(
      travel.tree, std::back_inserter(tree), [&](const TreeEntry& entry) { return !of_data.contains(entry.path); });
  std::vector<clusters::ShipmentPart> parts = {{.top = project, .tree = std::move(tree)}};
  if (!data.tree.empty()) {
    parts.push_back(data);
  }
  return parts;
}

/// From what is prepared to its end.
class ClusterRun {
 public:
  ClusterRun(PreparedRun& run, const RunWishes& wishes, const ClusterWishes& on, Session& session)
      : run_(run),
        wishes_(wishes),
        on_(on),
        session_(session),
        jobs_(jobs_for_elsewhere(run, wishes)),
        reporter_(reporter_for(
            wishes, [this](StepIndex step) { return shortage_ ? shortage_(step) : std::string(); }, session)),
        secrets_(session, run.project, run.graph, *reporter_, SecretsOfRun::Steps::run_elsewhere) {}

  /// The files that go there; none where it goes on with those of an earlier run.
  ExitCode carry_out(const std::optional<TravelPlan>& travel) {
    report_warnings(run_.plans, *reporter_);
    const std::vector<SecretText> secrets =
        secret_lines(run_.graph, secrets_.of_steps(), given_variables(wishes_).withheld);
    const clusters::Work work{.graph = run_.graph,
                              .jobs = jobs_,
                              .project = run_.project.directory,
                              .has_secrets = !secrets.empty(),
                              .keeps_files = keeps_artifacts(run_.graph) || makes_data_sets(run_.data_sets)};
    const auto engine = engine_of(on_.cluster, secrets_.inheritable(session_.environment), session_);
    tell_what_cannot_be(engine->fit(work), engine->title(), on_.strict, session_);
    session_.ports.processes().listen();
    const auto journal = begin();
    const clusters::PlaceOfRun place = *place_of(frozen_, run_.record.id);
    std::string known_as;
    try {
      journal->freeze(frozen_);
      note_data_sets(run_.data_sets, run_.record.id, session_);
      bring_files(travel, work, place, *engine);
      if (keeps_changes(run_.graph)) {
        look_at_files_elsewhere(elsewhere(journal->record(), place, session_), artifact_ports(session_));
      }
      known_as = engine->hand_over(work, secrets, place);
    } catch (const Error& error) {
      record_failure(*journal, error, session_);
      throw;
    }
    tell(known_as, journal->record());
    return follow(
        {.run = run_, .jobs = jobs_, .place = place, .engine = *engine, .journal = *journal, .reporter = *reporter_},
        secrets_,
        &shortage_,
        session_);
  }

 private:
  std::unique_ptr<RunJournal> begin() {
    Ports& ports = session_.ports;
    note_checkout(run_, ports);
    run_.record.cluster = on_.cluster.name;
    frozen_ = freeze_run(run_, wishes_, session_);
    secrets_.hide_in(frozen_, run_.record);
    auto journal = ports.runs().begin(run_.record);
    limit_logs(run_.project, run_.graph, *journal);
    run_.record.id = journal->record().id;
    frozen_.cluster = on_.cluster;
    frozen_.goes_on = !on_.files_of.empty();
    frozen_.cluster_directory = directory_for(on_.cluster, journal->record(), session_);
    return journal;
  }

  void bring_files(const std::optional<TravelPlan>& travel,
                   const clusters::Work& work,
                   const clusters::PlaceOfRun& place,
                   clusters::Engine& engine) {
    if (!travel) {
      engine.take_over(on_.files_of, place);
      return;
    }
    session_.terminal.remark(fmt::format("sending {} to `{}`\n", travel_text(*travel), on_.cluster.name));
    const ReadyData data(run_.data_sets, run_.record.id, session_);
    const std::size_t sent = [&] {
      SendProgress progress(session_.terminal, session_.ports.clock());
      return engine.send({.parts = parts_of(*travel, run_.project.directory, data.part()),
                          .sent =
                              [&](std::size_t files, std::uint64_t bytes) {
                                progress.sent(files, bytes);
                                require_wanted(session_);
                              }},
                         work,
                         place);
    }();
    if (sent < travel->files) {
      const std::size_t there = travel->files - sent;
      session_.terminal.remark(fmt::format("{} of them {} there already\n", there, there == 1 ? "was" : "were"));
    }
  }

  void tell(const std::string& known_as, const RunRecord& record) {
    session_.terminal.remark(fmt::format(
        "submitted {} to `{}` as {}\n", counted(run_.graph.steps.size(), "step"), on_.cluster.name, known_as));
    if (wishes_.detach) {
      session_.ports.background().tell(detached_text(record, wishes_, session_));
      loud_ = std::exchange(reporter_, std::make_unique<SilentReporter>());
    }
  }

  PreparedRun& run_;
  const RunWishes& wishes_;
  const ClusterWishes& on_;
  Session& session_;
  std::vector<Job> jobs_;
  WaitsFor shortage_;  ///< known as long as it is followed
  std::unique_ptr<Reporter> reporter_;
  std::unique_ptr<Reporter> loud_;  ///< of what goes on in the background; others still know it
  SecretsOfRun secrets_;
  FrozenRun frozen_;
};

}  // namespace

ExitCode show_cluster_run(const PreparedRun& run, const RunWishes& wishes, const ClusterWishes& on, Session& session) {
  require_one_project(run);
  const auto engine = engine_of(on.cluster, session.environment, session);
  const std::vector<Job> jobs = jobs_for_elsewhere(run, wishes);
  const clusters::Work work{.graph = run.graph, .jobs = jobs, .project = run.project.directory};
  const std::vector<Diagnostic> cannot = engine->fit(work);
  for (const clusters::RenderedFile& file : engine->render(work)) {
    session.terminal.answer(fmt::format("### {}\n{}\n", file.name, file.text));
  }
  tell_what_cannot_be(cannot, engine->title(), on.strict, session);
  session.terminal.remark(fmt::format("{} would go to `{}` in {}\n",
                                      travel_text(travel_plan(run.project.directory, session)),
                                      on.cluster.name,
                                      on.cluster.directory.string()));
  return ExitCode::success;
}

ExitCode run_on_cluster(PreparedRun& run, const RunWishes& wishes, const ClusterWishes& on, Session& session) {
  require_one_project(run);
  require_artifacts(run, on);
  std::optional<TravelPlan> travel;
  if (on.files_of.empty()) {
    travel = travel_plan(run.project.directory, session);
    for (const DataSetOfRun& data_set : run.data_sets) {
      travel->files += data_set.users.empty() ? 0 : data_set.files;
      travel->bytes += data_set.users.empty() ? 0 : data_set.bytes;
    }
    if (!on.yes && !may_travel(*travel, on.cluster, session)) {
      return ExitCode::interrupted;
    }
  }
  if (wishes.detach && session.ports.background().split() == Background::Side::front) {
    return tell_detached(session);
  }
  const ExitCode code = ClusterRun(run, wishes, on, session).carry_out(travel);
  if (!on.download.empty()) {
    get_artifacts(std::to_string(run.record.id.number), on.download, WriteOver::no, session);
  }
  return code;
}

}  // namespace ame::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/follow_left_runs.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/cluster_follow.hpp"
#include "cli/commands/cluster_submission.hpp"
#include "cli/commands/cluster_world.hpp"
#include "cli/commands/run_as_then.hpp"
#include "cli/commands/secrets_of_run.hpp"
#include "cli/render/time_text.hpp"
#include "core/error.hpp"
#include "core/run/silent_reporter.hpp"

namespace ame::cli {

namespace {

constexpr const char* half_submitted = "ame was killed before all of it was submitted";

/// Bytes of its output that a run has recorded.
std::map<StepIndex, OutputSizes> recorded_output(const RunRecord& record, Session& session) {
  std::map<StepIndex, OutputSizes> sizes;
  for (StepIndex step = 0; step < record.steps.size(); ++step) {
    if (record.steps[step].state != RunState::running) {
      continue;
    }
    OutputSizes& size = sizes[step];
    session.ports.runs().read_log(record.id, record.steps[step].name, {}, [&size](const LogChunk& chunk) {
      size.at(chunk.stream == OutputStream::standard_output ? 0 : 1) += chunk.bytes.size();
    });
  }
  return sizes;
}

/// A run whose owner left before everything was submitted never goes on.
void end_half_submitted(RunJournal& journal,
                        const clusters::PlaceOfRun& place,
                        clusters::Engine& engine,
                        Session& session) {
  engine.take_back(place);
  journal.run_ended(RunState::failed, half_submitted, session.ports.clock().now());
}

/// In a process of its own.
ExitCode take_up(const RunRecord& left, Session& session) {
  Ports& ports = session.ports;
  const auto journal = ports.runs().take_up(left.id);
  const std::optional<FrozenRun> frozen = journal ? ports.runs().frozen(left.id) : std::nullopt;
  if (!journal) {
    return ExitCode::success;  // another was quicker
  }
  ports.processes().listen();
  const RunRecord now = journal->record();
  const std::optional<clusters::PlaceOfRun> place = frozen ? place_of(*frozen, now.id) : std::nullopt;
  if (!place) {
    journal->run_ended(RunState::failed, half_submitted, ports.clock().now());
    return ExitCode::success;
  }
  const auto engine = engine_of(place->cluster, session.environment, session);
  if (!engine->is_handed_over(*place)) {
    end_half_submitted(*journal, *place, *engine, session);
    return ExitCode::success;
  }
  const PreparedRun run = prepare_as_then(now, *frozen, session);
  SilentReporter reporter;
  SecretsOfRun secrets(session, run.project, run.graph, reporter, SecretsOfRun::Steps::run_elsewhere);
  const std::vector<Job> jobs =
      jobs_for_elsewhere(run, {.timeout = frozen->wishes.timeout, .variables = frozen->wishes.variables});
  return follow({.run = run,
                 .jobs = jobs,
                 .place = *place,
                 .engine = *engine,
                 .journal = *journal,
                 .reporter = reporter,
                 .looked = [&] { ports.background().tell("\n"); },
                 .so_far = now.steps,
                 .known = recorded_output(now, session)},
                secrets,
                nullptr,
                session);
}

/// What is shown of a run whose cluster does not answer is as old as that.
void tell_trouble(const RunRecord& run, Session& session) {
  const FileReader& files = session.ports.files();
  const std::filesystem::path file = trouble_file(run.id, session);
  const std::optional<std::string> trouble = files.read(file);
  if (!trouble) {
    return;
  }
  const UtcTime since(std::chrono::microseconds(files.status(file).modified_ns / 1000));
  session.terminal.say(
      fmt::format("the cluster `{}` does not answer since {}: {}; what is known of {} is from before\n",
                  run.cluster,
                  local_text(since),
                  trouble->substr(0, trouble->find('\n')),
                  display_name(run)));
}

/// False in the process that took it up.
bool take_up_in_background(const RunRecord& run, Session& session) {
  if (session.ports.run_control().state_of(run.owner) != OwnerState::gone) {
    return true;
  }
  if (session.ports.background().split() == Background::Side::back) {
    return false;
  }
  static_cast<void>(session.ports.background().hear());
  return true;
}

}  // namespace

std::optional<ExitCode> follow_left_runs(Session& session) {
  for (const RunRecord& run : session.ports.runs().list({.states = {RunState::pending, RunState::running}})) {
    if (run.cluster.empty()) {
      continue;
    }
    if (!take_up_in_background(run, session)) {
      return take_up(run, session);
    }
    tell_trouble(run, session);
  }
  return std::nullopt;
}

}  // namespace ame::cli

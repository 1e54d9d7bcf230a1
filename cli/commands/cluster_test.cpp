// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/cluster_test.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/cluster_world.hpp"
#include "cli/commands/storage_world.hpp"
#include "clusters/engine.hpp"
#include "core/error.hpp"
#include "core/model/size_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

namespace fs = std::filesystem;

using std::chrono::milliseconds;
using Time = std::chrono::steady_clock::time_point;

constexpr StepIndex speaking = 0;
constexpr StepIndex lasting = 1;
constexpr int wanted_code = 7;

/// Two steps that need nothing of each other.
class Trial {
 public:
  Trial() {
    add("speaking", fmt::format("python3 --version 2>&1 || echo 'no python3 on PATH'; exit {}", wanted_code));
    add("lasting", "exec sleep 600");
    for (StepIndex step = 0; step < graph_.steps.size(); ++step) {
      jobs_.push_back({.step = step,
                       .name = graph_.steps[step].name,
                       .plan = &plans_[step],
                       .inherited = nullptr,
                       .environment = {},
                       .secret_mark = {},
                       .project = "/",
                       .directory = "/",
                       .timeout = std::chrono::minutes(5),
                       .resources = {}});
    }
  }

  [[nodiscard]] const TaskGraph& graph() const { return graph_; }

  [[nodiscard]] const std::vector<Job>& jobs() const { return jobs_; }

 private:
  void add(const std::string& name, const std::string& command) {
    graph_.steps.push_back({.name = StepName(name), .task = std::make_shared<const Task>()});
    plans_.push_back({.command = ShellCommand{command}});
  }

  TaskGraph graph_;
  std::vector<StepPlan> plans_;
  std::vector<Job> jobs_;
};

/// What is tried, one thing after the other, each from the end of the one before.
class Testing {
 public:
  Testing(const clusters::PlaceOfRun& place, milliseconds patience, Session& session)
      : place_(place),
        session_(session),
        patience_(patience),
        since_(session.ports.clock().steady()),
        deadline_(since_ + patience) {}

  void works(const char* what, const std::string& note = {}) {
    const Time now = session_.ports.clock().steady();
    const std::chrono::duration<double> took = now - since_;
    session_.terminal.answer(
        fmt::format("{:<9} ok {:7.2f} s{}{}\n", what, took.count(), note.empty() ? "" : "  ", note));
    since_ = now;
  }

  [[noreturn]] void fails(const std::string& why, const std::string& hint = {}) const {
    throw Error(ExitCode::cluster,
                Diagnostic{.message = fmt::format("the cluster `{}`: {}", place_.cluster.name, why), .hint = hint});
  }

  /// Until the runner has told that something has happened.
  template <class Happened>
  void wait_for(clusters::EngineRunner& runner, const Job& job, const char* what, Happened happened) {
    while (true) {
      const JobEvent event = runner.wait(deadline_);
      if (happened(event)) {
        return;
      }
      if (std::holds_alternative<StopRequested>(event)) {
        throw Error(ExitCode::interrupted, Diagnostic{.message = "the test was stopped"});
      }
      if (std::holds_alternative<DeadlineReached>(event)) {
        fails(fmt::format("{} has not happened within {} s; the job waits for {}",
                          what,
                          std::chrono::duration_cast<std::chrono::seconds>(patience_).count(),
                          runner.waits_for(job)),
              "where the queue is long, `--wait 1h` waits longer");
      }
    }
  }

  /// Asks first: there may be room only since somebody asked.
  void wait_for_room(clusters::EngineRunner& runner, const Job& job, const char* what) {
    if (!runner.has_room_for(job)) {
      wait_for(runner, job, what, [&](const JobEvent&) { return runner.has_room_for(job); });
    }
  }

 private:
  const clusters::PlaceOfRun& place_;
  Session& session_;
  milliseconds patience_;
  Time since_;
  Time deadline_;
};

void hear_speaking(clusters::EngineRunner& runner, const Trial& trial, Testing& testing) {
  const Job& job = trial.jobs()[speaking];
  testing.wait_for_room(runner, job, "its start");
  testing.works("start");
  runner.start(job);
  std::string output;
  JobEnded ended;
  testing.wait_for(runner, job, "its end", [&](const JobEvent& event) {
    if (const auto* bytes = std::get_if<JobOutput>(&event); bytes != nullptr && bytes->step == speaking) {
      output += bytes->bytes;
    }
    const auto* end = std::get_if<JobEnded>(&event);
    ended = end == nullptr ? ended : *end;
    return end != nullptr;
  });
  if (output.empty()) {
    testing.fails("what the job wrote does not come back",
                  "`--directory` has to be the same for this machine and for those of the cluster");
  }
  testing.works("output", output.substr(0, output.find('\n')));
  if (ended.state != RunState::failed || ended.end.exit_code != wanted_code) {
    testing.fails(fmt::format("a command that ends with {} is told to have ended with {}{}",
                              wanted_code,
                              ended.end.exit_code,
                              ended.end.reason.empty() ? "" : ": " + ended.end.reason));
  }
  testing.works("exit code");
}

void cancel_lasting(clusters::EngineRunner& runner, const Trial& trial, Testing& testing) {
  const Job& job = trial.jobs()[lasting];
  testing.wait_for_room(runner, job, "the second start");
  runner.start(job);
  runner.stop(lasting, JobRunner::Force::politely);
  JobEnded ended;
  testing.wait_for(runner, job, "its cancelling", [&](const JobEvent& event) {
    const auto* end = std::get_if<JobEnded>(&event);
    ended = end == nullptr ? ended : *end;
    return end != nullptr;
  });
  if (ended.state != RunState::cancelled) {
    testing.fails("a job that was cancelled is told to have ended by itself");
  }
  testing.works("cancel");
}

/// Where files of runs go, as far as this machine can see it; empty: a server keeps them.
fs::path directory_of_files(const Cluster& cluster, Session& session) {
  if (cluster.storage.empty()) {
    return cluster.directory;
  }
  const Storage storage = storage_named(session, storage_settings(session), cluster.storage);
  return storage.kind == StorageKind::directory ? fs::path(storage.path) : fs::path();
}

void look_at_quota(const Cluster& cluster, Testing& testing, Session& session) {
  const fs::path directory = directory_of_files(cluster, session);
  if (directory.empty()) {
    testing.works("quota", fmt::format("the storage `{}` does not say how much it takes", cluster.storage));
    return;
  }
  const std::int64_t free = session.ports.machine().resources(directory).free_storage;
  if (free <= 0) {
    testing.fails(fmt::format("no space is left in {}", directory.string()));
  }
  testing.works("quota", fmt::format("{} free in {}", size_text(free), directory.string()));
}

/// What went wrong before says more than that this does not work either.
void forget(const clusters::PlaceOfRun& place, clusters::Engine& engine) {
  try {
    engine.forget(place);
  } catch (const Error&) {
    return;
  }
}

}  // namespace

ExitCode test_cluster(const Cluster& cluster, milliseconds patience, Session& session) {
  const std::string name = fmt::format("test-{:08x}", std::random_device()());
  const clusters::PlaceOfRun place{.cluster = cluster, .directory = cluster.directory / "tests" / name, .run = "0"};
  Testing testing(place, patience, session);
  const auto engine = engine_of(cluster, session.environment, session);
  const Trial trial;
  const clusters::Work work{.graph = trial.graph(), .jobs = trial.jobs(), .project = "/"};
  bool is_handed_over = false;
  try {
    testing.works("reach", engine->reach());
    engine->send({.parts = {{.top = "/", .tree = {}}}}, work, place);
    testing.works("send", place.directory.string());
    look_at_quota(cluster, testing, session);
    const std::string known_as = engine->hand_over(work, {}, place);
    is_handed_over = true;
    testing.works("submit", known_as);
    const auto runner = engine->follow(place, trial.graph(), name, {});
    hear_speaking(*runner, trial, testing);
    cancel_lasting(*runner, trial, testing);
  } catch (const Error& error) {
    const Error told = is_handed_over ? clusters::after_taking_back(error, *engine, place) : error;
    forget(place, *engine);
    throw told;
  }
  engine->forget(place);
  return ExitCode::success;
}

}  // namespace ame::cli

// SPDX-License-Identifier: Apache-2.0
// Runs a graph of no-op tasks as `ame task run -l` would, without reading an ame.yml: scheduler, local jobs, real
// processes, journal and logs. Prints the tasks that succeeded and what ame itself cost. Driven by engine_speed.py.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/run/job_environment.hpp"
#include "core/run/local_job_runner.hpp"
#include "core/run/scheduler.hpp"
#include "core/run/silent_reporter.hpp"
#include "core/system/file_run_store.hpp"
#include "core/system/posix_process_runner.hpp"
#include "core/system/system_clock.hpp"

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace ame {

namespace {

class NoEnvironments final : public Environments {
 public:
  std::variant<ReadyEnvironment, BuildNeeded> find_or_request(const EnvironmentPlan& /*plan*/,
                                                              const std::filesystem::path& /*project*/) override {
    throw std::logic_error("no task here has an environment");
  }

  std::optional<ReadyEnvironment> find(const std::string& /*key*/,
                                       const EnvironmentPlan& /*plan*/,
                                       const std::filesystem::path& /*project*/) override {
    return std::nullopt;
  }
};

/// The needs of step i: none (wide), the one before (chain), three of the layer before (layers of 40).
std::vector<StepIndex> needs_of(const std::string& shape, StepIndex i) {
  constexpr StepIndex width = 40;
  if (shape == "chain" && i > 0) {
    return {i - 1};
  }
  if (shape == "layered" && i >= width) {
    const StepIndex before = (i / width - 1) * width;
    return {before + i % width, before + (i + 1) % width, before + (i + 7) % width};
  }
  return {};
}

TaskGraph graph_of(const std::string& shape, StepIndex count) {
  TaskGraph graph{.project = ProjectName("bench"), .steps = {}};
  for (StepIndex i = 0; i < count; ++i) {
    Task task;
    task.name = TaskName(fmt::format("t{}", i));
    task.project_directory = "/tmp";
    graph.steps.push_back({.name = StepName(task.name.text()),
                           .task = std::make_shared<const Task>(std::move(task)),
                           .needs = needs_of(shape, i)});
  }
  return graph;
}

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    variables[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
  }
  return variables;
}

long microseconds_of(const timeval& time) {
  return time.tv_sec * 1'000'000 + time.tv_usec;
}

int run(const std::vector<std::string>& words) {
  const std::string& shape = words.at(1);
  const auto count = static_cast<StepIndex>(std::stoul(words.at(2)));
  const std::size_t slots = std::stoul(words.at(3));
  const TaskGraph graph = graph_of(shape, count);
  const std::vector<StepPlan> plans(count, StepPlan{.command = ShellCommand{words.at(5)}});

  const SystemClock clock;
  FileRunStore store(words.at(4), clock);
  PosixProcessRunner processes;
  NoEnvironments environments;
  SilentReporter reporter;
  LocalJobRunner runner(processes, environments, clock, {.slots = slots});
  RunRecord begun;
  begun.name = shape;
  begun.steps = pending_steps(graph);
  const auto journal = store.begin(std::move(begun));
  const auto jobs =
      make_jobs(graph, plans, {.run = journal->record().id, .caller = own_environment(), .command_line = {}});
  const RunRecord record = run_graph(
      graph, jobs, OnFailure::stop, {.runner = runner, .journal = *journal, .reporter = reporter, .clock = clock});

  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const long cpu = microseconds_of(usage.ru_utime) + microseconds_of(usage.ru_stime);
  fmt::print("{} {} cpu_us_per_task={} peak_kb={}\n", word_of(record.state), count, cpu / count, usage.ru_maxrss);
  return record.state == RunState::succeeded ? 0 : 1;
}

}  // namespace

}  // namespace ame

int main(int argc, char** argv) {
  if (argc != 6) {
    fmt::print(stderr, "usage: engine_run wide|layered|chain COUNT SLOTS STATE_DIRECTORY COMMAND\n");
    return 2;
  }
  return ame::run({argv, argv + argc});
}

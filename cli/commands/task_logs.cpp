// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/durations.hpp"
#include "cli/commands/find_run.hpp"
#include "cli/render/log_printer.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

constexpr std::chrono::milliseconds between_looks{100};

struct TaskLogsOptions {
  std::string run;
  bool follow = false;
  bool no_follow = false;
  std::optional<long> tail;
  std::vector<std::string> steps;
  std::string since;
  bool timestamps = false;
};

/// A step may be named as it is printed, or in full.
StepName step_named(const RunRecord& run, const std::string& wanted) {
  const std::vector<StepName> names = names_of(run.steps);
  const StepLabels labels(names);
  std::vector<std::string> words;
  for (const StepName& name : names) {
    if (name.text() == wanted || labels.of(name) == wanted) {
      return name;
    }
    words.push_back(name.text());
  }
  const std::string near = did_you_mean(wanted, words);
  throw Error(ExitCode::usage,
              Diagnostic{.message = fmt::format("{} has no step `{}`", display_name(run), wanted),
                         .hint = near.empty() ? "its steps are " + all_of(words) : near});
}

std::vector<StepName> wanted_steps(const RunRecord& run, const TaskLogsOptions& options) {
  if (options.steps.empty()) {
    return names_of(run.steps);
  }
  std::vector<StepName> steps;
  for (const std::string& wanted : options.steps) {
    steps.push_back(step_named(run, wanted));
  }
  return steps;
}

LogLook look_from(const TaskLogsOptions& options, const std::vector<StepName>& steps, Session& session) {
  LogLook look{.labels = StepLabels(steps), .timestamps = options.timestamps};
  if (options.tail) {
    if (*options.tail < 0) {
      throw Error(ExitCode::usage, Diagnostic{.message = "`--tail` needs a number of lines, 0 or more"});
    }
    look.tail = static_cast<std::size_t>(*options.tail);
  }
  if (!options.since.empty()) {
    look.since = session.ports.clock().now() - duration_option("--since", options.since);
  }
  return look;
}

/// The logs of some steps, read on from where the last reading ended.
class LogReading {
 public:
  LogReading(RunStore& runs, RunId run, const std::vector<StepName>& steps)
      : runs_(runs),
        run_(run) {
    for (const StepName& step : steps) {
      places_.push_back({step, {}});
    }
  }

  /// What is new, step by step.
  void read_on(LogPrinter& printer) {
    for (auto& [step, position] : places_) {
      position = runs_.read_log(run_, step, position, [&](const LogChunk& chunk) { printer.add(chunk); });
    }
  }

  /// What is new, for the last time: a line without end is a line.
  void read_to_end(LogPrinter& printer) {
    for (auto& [step, position] : places_) {
      position = runs_.read_log(run_, step, position, [&](const LogChunk& chunk) { printer.add(chunk); });
      printer.finish();
    }
  }

 private:
  RunStore& runs_;
  RunId run_;
  std::vector<std::pair<StepName, LogPosition>> places_;
};

/// Prints what comes until the run ends, or nobody reads it any more.
ExitCode follow(LogReading& reading, LogPrinter& printer, RunId run, Session& session) {
  reading.read_on(printer);
  printer.release();
  while (!session.terminal.console().is_deaf(OutputStream::standard_output)) {
    const std::optional<RunRecord> record = session.ports.runs().find(run);
    if (!record || is_finished(record->state)) {
      reading.read_to_end(printer);
      break;
    }
    const auto deadline = session.ports.clock().steady() + between_looks;
    if (std::holds_alternative<StopRequested>(session.ports.processes().wait(deadline))) {
      return ExitCode::interrupted;
    }
    reading.read_on(printer);
  }
  return ExitCode::success;
}

ExitCode task_logs(const TaskLogsOptions& options, Session& session) {
  const std::optional<RunRecord> run = find_run_or_ask(session, options.run, "ame task logs");
  if (!run) {
    return ExitCode::interrupted;
  }
  const std::vector<StepName> steps = wanted_steps(*run, options);
  LogPrinter printer(session.terminal, look_from(options, steps, session));
  LogReading reading(session.ports.runs(), run->id, steps);
  if (!is_finished(run->state) && !options.no_follow) {
    return follow(reading, printer, run->id, session);
  }
  reading.read_to_end(printer);
  printer.release();
  return ExitCode::success;
}

}  // namespace

CommandSpec task_logs_command() {
  const auto options = std::make_shared<TaskLogsOptions>();
  return {
      .name = "logs",
      .summary = "Show what a run printed",
      .details =
          "While the task runs its log is followed to the end; afterwards it is there as well. RUN is `142`, "
          "`train-142`, or `train` for the newest run of that "
          "task. The lines of several steps carry the step's name, one step after the other.",
      .options = {{"-f,--follow", &options->follow, "", "Go on until the run ends; this is the default", {}},
                  {"--no-follow", &options->no_follow, "", "Only what is there now", {}},
                  {"--tail", &options->tail, "N", "Begin with the last N lines", {}},
                  {"--step", &options->steps, "STEP", "Only this step; may be given several times", {}},
                  {"--since", &options->since, "DURATION", "Only what was printed in the last `10m`, `2h`, …", {}},
                  {"--timestamps", &options->timestamps, "", "The time before each line", {}}},
      .arguments = {{"RUN", &options->run, "Number or name of the run, or name of the task", false, Completion::run}},
      .examples = {{"ame task logs train", "the whole log of the newest run of `train`"},
                   {"ame task logs 142 --tail 20", "the last 20 lines, then what comes until it ends"}},
      .action = [options](Session& session) { return task_logs(*options, session); }};
}

}  // namespace ame::cli

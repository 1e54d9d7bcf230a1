// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/durations.hpp"
#include "cli/commands/find_run.hpp"
#include "cli/commands/follow_left_runs.hpp"
#include "cli/commands/log_reading.hpp"
#include "cli/commands/step_named.hpp"
#include "cli/render/log_printer.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct TaskLogsOptions {
  std::string run;
  bool follow = false;
  bool no_follow = false;
  std::optional<long> tail;
  std::vector<std::string> steps;
  std::optional<long> attempt;
  std::string since;
  std::string grep;
  std::string stream;
  bool timestamps = false;
  bool json = false;
};

std::vector<StepName> wanted_steps(const RunRecord& run, const TaskLogsOptions& options) {
  if (options.steps.empty()) {
    return names_of(run.steps);
  }
  std::vector<StepName> steps;
  for (const std::string& wanted : options.steps) {
    steps.push_back(step_named(names_of(run.steps), wanted, display_name(run)));
  }
  return steps;
}

LogRange range_of(const std::vector<StepAttempt>& attempts, long wanted) {
  const auto found = std::ranges::find(attempts, wanted, [](const StepAttempt& one) { return one.record.attempt; });
  if (found == attempts.end()) {
    return {.begin = 0, .end = 0};
  }
  const auto next = std::next(found);
  return {.begin = found->log_begin, .end = next == attempts.end() ? UINT64_MAX : next->log_begin};
}

/// Which bytes of each step's log belong to the attempt that is asked for.
std::map<StepName, LogRange> ranges_for(const TaskLogsOptions& options,
                                        const RunRecord& run,
                                        const std::vector<StepName>& steps,
                                        Session& session) {
  std::map<StepName, LogRange> ranges;
  if (!options.attempt) {
    return ranges;
  }
  long most = 0;
  for (const StepName& step : steps) {
    const std::vector<StepAttempt> attempts = session.ports.runs().attempts(run.id, step);
    most = std::max(most, attempts.empty() ? 0L : static_cast<long>(attempts.back().record.attempt));
    ranges[step] = range_of(attempts, *options.attempt);
  }
  if (*options.attempt < 1 || *options.attempt > most) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("{} has no attempt {}", display_name(run), *options.attempt),
                           .hint = "it had " + counted(static_cast<std::size_t>(most), "attempt")});
  }
  return ranges;
}

std::optional<UtcTime> since_in(const TaskLogsOptions& options, Session& session) {
  return options.since.empty() ? std::nullopt
                               : std::optional(session.ports.clock().now() - duration_option("--since", options.since));
}

std::optional<std::size_t> tail_in(const TaskLogsOptions& options) {
  if (!options.tail) {
    return std::nullopt;
  }
  if (*options.tail < 0) {
    throw Error(ExitCode::usage, Diagnostic{.message = "`--tail` needs a number of lines, 0 or more"});
  }
  return static_cast<std::size_t>(*options.tail);
}

LogLook look_from(const TaskLogsOptions& options,
                  const RunRecord& run,
                  const std::vector<StepName>& steps,
                  Session& session) {
  LogLook look{.labels = StepLabels(steps),
               .timestamps = options.timestamps,
               .tail = tail_in(options),
               .since = since_in(options, session),
               .stream = {},
               .grep = {},
               .ranges = ranges_for(options, run, steps, session),
               .json = options.json};
  if (!options.grep.empty()) {
    look.grep = log_pattern(options.grep);
  }
  if (!options.stream.empty()) {
    look.stream = options.stream == "stdout" ? OutputStream::standard_output : OutputStream::standard_error;
  }
  return look;
}

/// Lines that are left out cannot be counted from the end without reading them.
LogSeek seek_for(const LogLook& look) {
  const bool counts_all = !look.grep && !look.stream && look.ranges.empty();
  return {.since = look.since, .last_lines = counts_all ? look.tail : std::nullopt};
}

ExitCode task_logs(const TaskLogsOptions& options, Session& session) {
  if (const std::optional<ExitCode> followed = follow_left_runs(session)) {
    return *followed;
  }
  const std::optional<RunRecord> run = find_run_or_ask(session, options.run, "ame task logs");
  if (!run) {
    return ExitCode::interrupted;
  }
  const std::vector<StepName> steps = wanted_steps(*run, options);
  const LogLook look = look_from(options, *run, steps, session);
  LogReading reading(session, *run, steps, seek_for(look));
  LogPrinter printer(session.terminal, look);
  if (!is_finished(run->state) && !options.no_follow) {
    return reading.follow(printer) ? ExitCode::success : ExitCode::interrupted;
  }
  reading.read_all(printer);
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
                  {"--attempt", &options->attempt, "N", "Only the Nth attempt of a step that was retried", {}},
                  {"--grep", &options->grep, "PATTERN", "Only lines in which the regular expression matches", {}},
                  {"--stream", &options->stream, "STREAM", "Only what came on this stream", {"stdout", "stderr"}},
                  {"--since", &options->since, "DURATION", "Only what was printed in the last `10m`, `2h`, …", {}},
                  {"--timestamps", &options->timestamps, "", "The time before each line", {}},
                  {"--json", &options->json, "", "Print each line as a JSON object", {}}},
      .arguments = {{"RUN", &options->run, "Number or name of the run, or name of the task", false, Completion::run}},
      .examples = {{"ame task logs train", "the whole log of the newest run of `train`"},
                   {"ame task logs 142 --step fit --grep 'loss|error' --timestamps", "some lines, with their times"},
                   {"ame task logs 142 --tail 20", "the last 20 lines, then what comes until it ends"}},
      .action = [options](Session& session) { return task_logs(*options, session); }};
}

}  // namespace ame::cli

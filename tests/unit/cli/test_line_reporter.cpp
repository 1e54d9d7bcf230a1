// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <catch2/catch.hpp>

#include "cli/render/line_reporter.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_console.hpp"

namespace ame::cli {

namespace {

const UtcTime start{std::chrono::hours(24 * 365)};

/// A run of the given steps, told to a reporter.
struct Telling {
  MemoryConsole console;
  Terminal terminal{console};
  TaskGraph graph;
  RunRecord run{.id = {142}, .name = "train", .created = start};

  explicit Telling(const std::vector<std::string>& steps) {
    for (const std::string& step : steps) {
      graph.steps.push_back({.name = StepName(step)});
      run.steps.push_back({.name = StepName(step)});
    }
  }

  StepRecord step(const std::string& name, RunState state = RunState::running, StepEnd end = {}) {
    StepRecord record{.name = StepName(name), .state = state, .started = start, .end = std::move(end)};
    if (is_finished(state)) {
      record.ended = start + std::chrono::milliseconds(1200);
    }
    return record;
  }

  RunRecord ended(RunState state, std::vector<StepRecord> steps) {
    run.state = state;
    run.ended = start + std::chrono::seconds(2);
    run.steps = std::move(steps);
    return run;
  }
};

constexpr auto out = OutputStream::standard_output;
constexpr auto err = OutputStream::standard_error;

}  // namespace

TEST_CASE("the output of a single step passes through as it is", "[cli]") {
  Telling telling({"train"});
  LineReporter reporter(telling.terminal);
  reporter.run_started(telling.run, telling.graph);
  reporter.step_started(telling.step("train"));
  reporter.step_progress(StepName("train"), "installing from requirements.txt");
  reporter.step_output(StepName("train"), out, "10%\r20%\r");
  reporter.step_output(StepName("train"), err, std::string_view("\xFF\0w", 3));
  reporter.step_output(StepName("train"), out, "100%\n");
  reporter.step_ended(telling.step("train", RunState::succeeded));
  reporter.run_ended(telling.ended(RunState::succeeded, {telling.step("train", RunState::succeeded)}));
  CHECK(telling.console.out == "10%\r20%\r100%\n");
  CHECK(
      telling.console.err ==
      std::string("train-142 started\ninstalling from requirements.txt\n\xFF\0w\ntrain-142 succeeded in 2.0 s\n", 84));
}

TEST_CASE("ame's words do not stick to a line that the task left open", "[cli]") {
  Telling telling({"train"});
  telling.console.meet = true;
  LineReporter reporter(telling.terminal);
  reporter.run_started(telling.run, telling.graph);
  reporter.step_output(StepName("train"), out, "no end");
  reporter.run_ended(telling.ended(RunState::succeeded, {}));
  CHECK(telling.console.out == "no end");
  CHECK(telling.console.err == "train-142 started\n\ntrain-142 succeeded in 2.0 s\n");
}

TEST_CASE("the output of several steps comes in whole lines with their names", "[cli]") {
  Telling telling({"nightly/prepare", "nightly/train"});
  LineReporter reporter(telling.terminal);
  reporter.run_started(telling.run, telling.graph);
  reporter.step_started(telling.step("nightly/prepare"));
  reporter.step_started(telling.step("nightly/train"));
  reporter.step_output(StepName("nightly/prepare"), out, "half ");
  reporter.step_output(StepName("nightly/train"), out, "epoch 1\nepo");
  reporter.step_output(StepName("nightly/prepare"), out, "a line\n");
  reporter.step_output(StepName("nightly/train"), err, "10%\r20%\r100%\n");
  reporter.step_ended(telling.step("nightly/prepare", RunState::succeeded));
  reporter.step_ended(telling.step("nightly/train", RunState::failed, {.exit_code = 3}));
  reporter.run_ended(telling.ended(RunState::failed,
                                   {telling.step("nightly/prepare", RunState::succeeded),
                                    telling.step("nightly/train", RunState::failed, {.exit_code = 3})}));
  CHECK(telling.console.out == "[train] epoch 1\n[prepare] half a line\n[train] epo\n");
  CHECK(telling.console.err ==
        "train-142 started: 2 steps\n"
        "[prepare] started\n"
        "[train] started\n"
        "[train] 100%\n"
        "[prepare] succeeded in 1.2 s\n"
        "[train] failed with exit code 3 after 1.2 s\n"
        "error: task `nightly/train` failed with exit code 3; its log: ame task logs 142 --step nightly/train\n");
}

TEST_CASE("the last line of a failed run says what failed and how", "[cli]") {
  Telling telling({"train"});
  const auto line = [&](RunState state, const StepRecord& step) { return failure_line(telling.ended(state, {step})); };
  CHECK(line(RunState::failed, telling.step("train", RunState::failed, {.signal = 9})) ==
        "task `train` was killed by SIGKILL; its log: ame task logs 142");
  CHECK(line(RunState::failed, telling.step("train", RunState::failed, {.reason = "it ran longer than 2 s"})) ==
        "task `train` failed: it ran longer than 2 s; its log: ame task logs 142");
  CHECK(line(RunState::cancelled, telling.step("train", RunState::cancelled)) ==
        "train-142 was cancelled; its log: ame task logs 142");
}

TEST_CASE("on a terminal the last lines say how the run stands, and leave nothing behind", "[cli]") {
  Telling telling({"a", "b"});
  telling.console.is_a_terminal = true;
  telling.terminal.choose_colours({.never = true});
  ManualClock clock;
  telling.run.created = clock.now();
  LineReporter reporter(telling.terminal, {.clock = &clock, .slots = 2});
  reporter.run_started(telling.run, telling.graph);
  StepRecord step = telling.step("a");
  step.started = clock.now();
  reporter.step_started(step);
  CHECK(reporter.refresh_after() == std::chrono::milliseconds(1000));
  reporter.step_output(StepName("a"), out, "x\n");
  // Lines that come quickly are not held up by drawing.
  CHECK(reporter.refresh_after() == std::chrono::milliseconds(100));
  reporter.step_ended(telling.step("a", RunState::succeeded));
  CHECK(telling.console.out == "[a] x\n");
  CHECK(telling.console.err ==
        "train-142 started: 2 steps\n"
        "[a] started\n"
        "train-142  0/2 done  0 ms  1/2 places in use\n"
        "  a runs since 0 ms\n"
        "  b waits for a free place"
        "\r\033[2A\033[J"
        "[a] succeeded in 1.2 s\n"
        "train-142  1/2 done  0 ms  0/2 places in use\n"
        "  b waits for a free place");
}

TEST_CASE("how far an installation is is drawn on a terminal, also for a single step, and leaves nothing", "[cli]") {
  Telling telling({"train"});
  telling.console.is_a_terminal = true;
  telling.console.meet = true;
  telling.terminal.choose_colours({.always = false, .never = true});
  ManualClock clock;
  LineReporter reporter(telling.terminal, {.clock = &clock});
  reporter.run_started(telling.run, telling.graph);
  reporter.step_started(telling.step("train"));
  clock.advance(std::chrono::seconds(1));
  telling.console.err.clear();
  reporter.step_passing(StepName("train"), "downloading 1 package: 1.0 of 2.0 MiB");
  CHECK_THAT(telling.console.err, Catch::EndsWith("\n  train: downloading 1 package: 1.0 of 2.0 MiB"));
  telling.console.err.clear();
  reporter.step_output(StepName("train"), err, "Installed 1 package\n");
  CHECK(telling.console.err == "\r\033[1A\033[JInstalled 1 package\n");
}

TEST_CASE("without a terminal a long installation is told every ten seconds", "[cli]") {
  Telling telling({"train"});
  ManualClock clock;
  LineReporter reporter(telling.terminal, {.clock = &clock});
  reporter.run_started(telling.run, telling.graph);
  telling.console.err.clear();
  for (int second = 0; second < 25; ++second) {
    reporter.step_passing(StepName("train"), "at second " + std::to_string(second));
    clock.advance(std::chrono::seconds(1));
  }
  CHECK(telling.console.err == "at second 10\nat second 20\n");
}

TEST_CASE("quiet leaves only what the task says and what failed", "[cli]") {
  Telling telling({"train"});
  telling.terminal.choose_talk(Talk::quiet);
  LineReporter reporter(telling.terminal);
  reporter.run_started(telling.run, telling.graph);
  reporter.step_progress(StepName("train"), "installing");
  reporter.step_output(StepName("train"), out, "x\n");
  reporter.run_ended(telling.ended(RunState::succeeded, {}));
  CHECK(telling.console.out == "x\n");
  CHECK(telling.console.err.empty());
}

}  // namespace ame::cli

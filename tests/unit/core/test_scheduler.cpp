// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "core/run/job_environment.hpp"
#include "core/run/scheduler.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_run_store.hpp"
#include "tests/support/recording_reporter.hpp"
#include "tests/support/scripted_job_runner.hpp"
#include "tests/support/small_graph.hpp"

namespace ame {

namespace {

using Lines = std::vector<std::string>;

/// A run with everything around it scripted.
struct World {
  explicit World(std::vector<SmallStep> steps, std::size_t slots = 10)
      : graph(small_graph(steps)),
        plans(graph.steps.size()),
        runner(slots) {}

  RunRecord run(OnFailure on_failure = OnFailure::stop, StepsSoFar so_far = {}) {
    const std::vector<Job> jobs = make_jobs(graph, plans, {.run = RunId{1}, .caller = {}, .command_line = {}});
    const auto journal = store.begin({.name = "x", .targets = {"x"}, .steps = pending_steps(graph)});
    RunRecord record =
        run_graph(graph,
                  jobs,
                  on_failure,
                  {.runner = runner, .journal = *journal, .reporter = reporter, .clock = clock, .gate = gate},
                  std::move(so_far));
    CHECK(runner.is_finished());
    CHECK(store.find(RunId{1}) == record);
    return record;
  }

  TaskGraph graph;
  std::vector<StepPlan> plans;
  ManualClock clock;
  MemoryRunStore store{clock};
  RecordingReporter reporter;
  ScriptedJobRunner runner;
  StepGate* gate = nullptr;
};

/// Skips the steps of the given names, and writes down what it is told.
class ScriptedGate final : public StepGate {
 public:
  explicit ScriptedGate(Lines skipped)
      : skipped_(std::move(skipped)) {}

  GateVerdict judge(const Job& job) override {
    const bool skips = std::ranges::find(skipped_, job.name.text()) != skipped_.end();
    return {.skip = skips, .reason = skips ? "it is done" : "it is not done"};
  }

  std::string ended(const Job& job, const StepRecord& record) override {
    heard.push_back(fmt::format("{} {} {}", job.name.text(), word_of(record.state), record.attempt));
    return "of " + job.name.text();
  }

  Lines heard;

 private:
  Lines skipped_;
};

Task with_retries(int count) {
  return {.retries = {.count = count, .backoff = std::chrono::milliseconds{100}, .backoff_factor = 2}};
}

constexpr auto succeeded = RunState::succeeded;
constexpr auto failed = RunState::failed;
constexpr auto cancelled = RunState::cancelled;

}  // namespace

TEST_CASE("steps start when what they need has ended, and as many as there is room for", "[scheduler]") {
  World world({{"a"}, {"b"}, {"c", {"a"}}, {"d", {"b"}}}, 2);
  world.runner.then_end(1, succeeded).then_end(0, succeeded).then_end(2, succeeded).then_end(3, succeeded);
  CHECK(world.run().state == succeeded);
  CHECK(world.runner.calls() == Lines{"start a", "start b", "start d", "start c"});
  CHECK(world.store.events() == Lines{"run 1 begun",
                                      "a started",
                                      "b started",
                                      "b ended Succeeded",
                                      "d started",
                                      "a ended Succeeded",
                                      "c started",
                                      "c ended Succeeded",
                                      "d ended Succeeded",
                                      "run 1 ended Succeeded"});
}

TEST_CASE("output is recorded and told as it comes", "[scheduler]") {
  World world({{"a"}});
  world.runner.then(JobProgress{.step = 0, .line = "making it"})
      .then(JobOutput{.step = 0, .stream = OutputStream::standard_error, .bytes = "oh"})
      .then(JobOutput{.step = 0, .stream = OutputStream::standard_output, .bytes = "ah"})
      .then_end(0, succeeded);
  world.run();
  CHECK(world.reporter.lines() ==
        Lines{"run started", "a started", "a: making it", "a! oh", "a> ah", "a Succeeded", "run Succeeded"});
  std::string log;
  world.store.read_log(RunId{1}, StepName("a"), {}, [&log](const LogChunk& chunk) { log += chunk.bytes; });
  CHECK(log == "ohah");
}

TEST_CASE("the record of a step says how it ended", "[scheduler]") {
  World world({{"a"}});
  const UtcTime begin = world.clock.now();
  world.runner.then(JobEnded{.step = 0,
                             .state = failed,
                             .end = {.exit_code = 3},
                             .usage = {.cpu = std::chrono::microseconds{7}, .peak_memory = 9},
                             .environment = "e",
                             .python = "/py"},
                    [&] { world.clock.advance(std::chrono::seconds{1}); });
  const RunRecord run = world.run();
  CHECK(run.state == failed);
  CHECK(run.steps.at(0) == StepRecord{.name = StepName("a"),
                                      .state = failed,
                                      .started = begin,
                                      .ended = begin + std::chrono::seconds{1},
                                      .end = {.exit_code = 3},
                                      .environment = "e",
                                      .python = "/py",
                                      .cpu = std::chrono::microseconds{7},
                                      .peak_memory = 9});
}

TEST_CASE("a failure stops the run: nothing new starts, what runs is cancelled", "[scheduler]") {
  World world({{"a"}, {"b"}, {"c", {"a"}}, {"d"}}, 2);
  world.runner.then_end(0, failed, {.exit_code = 1}).then_end(1, cancelled, {.signal = SIGTERM});
  const RunRecord run = world.run();
  CHECK(run.state == failed);
  CHECK(world.runner.calls() == Lines{"start a", "start b", "stop politely"});
  CHECK(world.reporter.lines() == Lines{"run started",
                                        "a started",
                                        "b started",
                                        "a Failed",
                                        "c Skipped (needs `a`, which failed)",
                                        "d Skipped (not started: `a` failed)",
                                        "b Cancelled (`a` failed)",
                                        "run Failed"});
}

TEST_CASE("told to keep going, only what needs the failed step is skipped", "[scheduler]") {
  World world({{"a"}, {"b", {"a"}}, {"c", {"b"}}, {"d"}, {"e", {"d"}}}, 1);
  world.runner.then_end(0, failed).then_end(3, succeeded).then_end(4, succeeded);
  const RunRecord run = world.run(OnFailure::keep_going);
  CHECK(run.state == failed);
  CHECK(run.steps[1].end.reason == "needs `a`, which failed");
  CHECK(run.steps[2].end.reason == "needs `a`, which failed");
  CHECK(run.steps[4].state == succeeded);
}

TEST_CASE("where errors are ignored the others go on as if there were none", "[scheduler]") {
  World world({{"a", {}, {.ignore_errors = true}}, {"b", {"a"}}});
  world.runner.then_end(0, failed, {.exit_code = 1}).then_end(1, succeeded);
  const RunRecord run = world.run();
  CHECK(run.state == succeeded);
  CHECK(run.steps[0].state == failed);
}

TEST_CASE("a failed step is tried again after a wait that grows", "[scheduler]") {
  World world({{"a", {}, with_retries(2)}, {"b", {"a"}}});
  const auto begin = world.clock.steady();
  world.runner.then_end(0, failed, {.exit_code = 1})
      .then(DeadlineReached{},
            [&] {
              CHECK(world.runner.deadline() == begin + std::chrono::milliseconds{100});
              world.clock.advance(std::chrono::milliseconds{100});
            })
      .then_end(0, failed, {.reason = "it broke"})
      .then(DeadlineReached{},
            [&] {
              CHECK(world.runner.deadline() == begin + std::chrono::milliseconds{300});
              world.clock.advance(std::chrono::milliseconds{200});
            })
      .then_end(0, succeeded)
      .then_end(1, succeeded);
  const RunRecord run = world.run();
  CHECK(run.state == succeeded);
  CHECK(run.steps[0].attempt == 3);
  CHECK(world.runner.calls() == Lines{"start a", "start a", "start a", "start b"});
  const auto& environment = world.runner.started().at(2).environment;
  CHECK(std::count(environment.begin(), environment.end(), EnvironmentVariable{.key = "AME_ATTEMPT", .value = "3"}) ==
        1);
  CHECK(world.reporter.lines() == Lines{"run started",
                                        "a started",
                                        "a: attempt 1 of 3 failed (exit code 1), next in 100ms",
                                        "a: attempt 2 of 3 failed (it broke), next in 200ms",
                                        "a Succeeded",
                                        "b started",
                                        "b Succeeded",
                                        "run Succeeded"});
}

TEST_CASE("a step is tried again only as often and for the exit codes that its task says", "[scheduler]") {
  Task task = with_retries(1);
  task.retries.on_exit_codes = {75};
  task.retries.backoff = {};
  SECTION("another code ends it") {
    World world({{"a", {}, task}});
    world.runner.then_end(0, failed, {.exit_code = 1});
    CHECK(world.run().steps[0].attempt == 1);
  }
  SECTION("a signal ends it") {
    World world({{"a", {}, task}});
    world.runner.then_end(0, failed, {.exit_code = 75, .signal = SIGSEGV});
    CHECK(world.run().steps[0].attempt == 1);
  }
  SECTION("the code gives it one more attempt") {
    World world({{"a", {}, task}});
    world.runner.then_end(0, failed, {.exit_code = 75}).then_end(0, failed, {.exit_code = 75});
    const RunRecord run = world.run();
    CHECK(run.state == failed);
    CHECK(run.steps[0].attempt == 2);
  }
}

TEST_CASE("a request to stop cancels politely, a second one kills", "[scheduler]") {
  World world({{"a"}, {"b", {"a"}}, {"c"}}, 1);
  world.runner.then(StopRequested{.signal = SIGINT})
      .then(JobOutput{.step = 0, .bytes = "bye"})
      .then(StopRequested{.signal = SIGINT})
      .then_end(0, cancelled, {.signal = SIGKILL});
  const RunRecord run = world.run();
  CHECK(run.state == cancelled);
  CHECK(run.reason == "the run was stopped by Ctrl-C");
  CHECK(world.runner.calls() == Lines{"start a", "stop politely", "stop at once"});
  CHECK(world.reporter.lines() == Lines{"run started",
                                        "a started",
                                        "stopping 2",
                                        "b Skipped (not started: the run was stopped by Ctrl-C)",
                                        "c Skipped (not started: the run was stopped by Ctrl-C)",
                                        "a> bye",
                                        "stopping 2",
                                        "a Cancelled (the run was stopped by Ctrl-C)",
                                        "run Cancelled"});
}

TEST_CASE("a request to stop that finds everything done changes nothing", "[scheduler]") {
  World world({{"a"}});
  world.runner.then(StopRequested{.signal = SIGTERM}).then_end(0, succeeded);
  const RunRecord run = world.run();
  CHECK(run.state == succeeded);
  CHECK(run.reason.empty());
}

TEST_CASE("a step that waits for its next attempt stays failed when the run is stopped", "[scheduler]") {
  World world({{"a", {}, with_retries(5)}, {"b", {"a"}}});
  world.runner.then_end(0, failed, {.exit_code = 1}).then(StopRequested{.signal = SIGTERM});
  const RunRecord run = world.run();
  CHECK(run.state == cancelled);
  CHECK(run.steps[0].state == failed);
  CHECK(run.steps[0].end.exit_code == 1);
  CHECK(run.steps[1].state == RunState::skipped);
}

TEST_CASE("a running step that is cancelled ends alone, and what needs it is skipped", "[scheduler]") {
  World world({{"a"}, {"b"}, {"c", {"a"}}, {"d", {"b"}}});
  world.runner.then(RequestsWaiting{}, [&world] { world.store.ask_to_cancel(RunId{1}, StepName("a")); })
      .then(RequestsWaiting{}, [&world] { world.store.ask_to_cancel(RunId{1}, StepName("a")); })
      .then_end(0, cancelled)
      .then_end(1, succeeded)
      .then_end(3, succeeded);
  const RunRecord run = world.run();
  CHECK(world.runner.calls() == Lines{"start a", "start b", "stop 0 politely", "stop 0 at once", "start d"});
  CHECK(run.state == cancelled);
  CHECK(run.reason == "`a` was cancelled");
  CHECK(run.steps[0].end.reason == "the step was cancelled by a request from outside");
  CHECK(run.steps[2].state == RunState::skipped);
  CHECK(run.steps[2].end.reason == "needs `a`, which was cancelled");
  CHECK(run.steps[3].state == succeeded);
}

TEST_CASE("a step that has not started can be cancelled, and a name that no step has changes nothing", "[scheduler]") {
  World world({{"a"}, {"b"}, {"c", {"b"}}}, 1);
  world.runner
      .then(RequestsWaiting{},
            [&world] {
              world.store.ask_to_cancel(RunId{1}, StepName("b"));
              world.store.ask_to_cancel(RunId{1}, StepName("none"));
            })
      .then_end(0, succeeded);
  const RunRecord run = world.run();
  CHECK(world.runner.calls() == Lines{"start a"});
  CHECK(run.steps[1].state == cancelled);
  CHECK(run.steps[2].state == RunState::skipped);
  CHECK(run.state == cancelled);
}

TEST_CASE("a step that waits for its next attempt can be cancelled", "[scheduler]") {
  World world({{"a", {}, with_retries(5)}, {"b"}});
  world.runner.then_end(0, failed, {.exit_code = 1})
      .then(RequestsWaiting{}, [&world] { world.store.ask_to_cancel(RunId{1}, StepName("a")); })
      .then_end(1, succeeded);
  const RunRecord run = world.run();
  CHECK(run.steps[0].state == cancelled);
  CHECK(run.steps[0].end == StepEnd{.reason = "the step was cancelled by a request from outside"});
  CHECK(run.state == cancelled);
}

TEST_CASE("when something breaks, what runs is killed before it is told", "[scheduler]") {
  World world({{"a"}, {"b"}});
  world.runner.then(DeadlineReached{}, [] { throw std::runtime_error("the disk is full"); })
      .then_end(0, cancelled)
      .then_end(1, cancelled);
  CHECK_THROWS_WITH(world.run(), "the disk is full");
  CHECK(world.runner.calls() == Lines{"start a", "start b", "stop at once"});
  CHECK(world.runner.is_finished());
}

TEST_CASE("a run that cannot be recorded any more ends with that as its reason", "[scheduler]") {
  World world({{"a"}, {"b", {"a"}}});
  world.runner
      .then(DeadlineReached{},
            [] { throw Error(ExitCode::machine, Diagnostic{.message = "cannot write `x`: No space left"}); })
      .then_end(0, cancelled);
  CHECK_THROWS_AS(world.run(), Error);
  CHECK(world.runner.calls() == Lines{"start a", "stop at once"});
  const auto run = world.store.find(RunId{1});
  CHECK(run->state == failed);
  CHECK(run->reason == "cannot write `x`: No space left");
}

TEST_CASE("a graph without steps succeeds", "[scheduler]") {
  World world(std::vector<SmallStep>{});
  CHECK(world.run().state == succeeded);
}

TEST_CASE("what a gate lets pass over is not started, and what needs it goes on", "[scheduler]") {
  World world({{"a"}, {"b", {"a"}}, {"c", {"b"}}});
  ScriptedGate gate({"a", "c"});
  world.gate = &gate;
  world.runner.then_end(1, succeeded);
  const RunRecord record = world.run();
  CHECK(record.state == succeeded);
  CHECK(world.runner.calls() == Lines{"start b"});
  CHECK(world.store.events() == Lines{"run 1 begun",
                                      "a ended Skipped",
                                      "b started",
                                      "b ended Succeeded",
                                      "c ended Skipped",
                                      "run 1 ended Succeeded"});
  CHECK(record.steps[0].needless);
  CHECK(record.steps[0].end.reason == "it is done");
  CHECK_FALSE(record.steps[1].needless);
  CHECK(record.steps[1].cause == "it is not done");
  CHECK(gate.heard == Lines{"b Succeeded 1"});
}

TEST_CASE("a run of which nothing has to be done succeeds", "[scheduler]") {
  World world({{"a"}, {"b", {"a"}}});
  ScriptedGate gate({"a", "b"});
  world.gate = &gate;
  CHECK(world.run().state == succeeded);
  CHECK(world.runner.calls().empty());
}

TEST_CASE("a gate hears of the last attempt alone, and its warning is told", "[scheduler]") {
  World world({{.name = "a", .needs = {}, .task = with_retries(1)}});
  ScriptedGate gate({});
  world.gate = &gate;
  world.runner.then_end(0, failed, {.exit_code = 3})
      .then(DeadlineReached{}, [&world] { world.clock.advance(std::chrono::milliseconds{100}); })
      .then_end(0, succeeded);
  const RunRecord record = world.run();
  CHECK(record.steps[0].cause == "attempt 1 failed: exit code 3");
  CHECK(gate.heard == Lines{"a Succeeded 2"});
  CHECK(world.reporter.lines() == Lines{"run started",
                                        "a started",
                                        "a: attempt 1 of 2 failed (exit code 3), next in 100ms",
                                        "a Succeeded",
                                        "warning: of a",
                                        "run Succeeded"});
}

namespace {

StepEnd out_of_memory() {
  return {.signal = 9, .reason = "exceeded 1Gi of memory, peak 1.2Gi", .out_of_memory = true};
}

Quantity quantity(const char* text) {
  return std::get<Quantity>(Quantity::parse(text));
}

}  // namespace

TEST_CASE("a step that ran out of memory is tried with more, up to its maximum", "[scheduler]") {
  World world({{"a", {}, {.resources = {.memory = quantity("1Gi"), .memory_max = quantity("3Gi")}}}});
  world.runner.then_end(0, failed, out_of_memory()).then_end(0, failed, out_of_memory()).then_end(0, succeeded);
  CHECK(world.run().state == succeeded);
  std::vector<std::string> memory;
  for (const Job& job : world.runner.started()) {
    memory.push_back(job.resources.memory->text());
  }
  CHECK(memory == Lines{"1Gi", "2Gi", "3Gi"});
  CHECK(world.store.find(RunId{1})->steps[0].attempt == 3);
}

TEST_CASE("with all the memory it may have, a step that runs out of it has failed", "[scheduler]") {
  World world({{"a", {}, {.resources = {.memory = quantity("1Gi"), .memory_max = quantity("1Gi")}}}});
  world.runner.then_end(0, failed, out_of_memory());
  const RunRecord run = world.run();
  CHECK(run.state == failed);
  CHECK(run.steps[0].end == out_of_memory());
}

TEST_CASE("a step without memory of its own that runs out of it is tried again as after any failure", "[scheduler]") {
  World world({{"a", {}, {.retries = {.count = 1, .on_out_of_memory = true}}}});
  world.runner.then_end(0, failed, out_of_memory()).then_end(0, failed, out_of_memory());
  const RunRecord run = world.run();
  CHECK(run.state == failed);
  CHECK(run.steps[0].attempt == 2);
}

TEST_CASE("what a step was limited to and used is recorded", "[scheduler]") {
  World world({{"a"}});
  world.runner.then(JobEnded{.step = 0,
                             .state = succeeded,
                             .usage = {.cpu = std::chrono::seconds{3}, .peak_memory = 5, .peak_gpu_memory = 7},
                             .memory_limit = 9,
                             .limited_by = "watchdog"});
  const StepRecord step = world.run().steps[0];
  CHECK(step.cpu == std::chrono::seconds{3});
  CHECK(step.peak_memory == 5);
  CHECK(step.peak_gpu_memory == 7);
  CHECK(step.memory_limit == 9);
  CHECK(step.limited_by == "watchdog");
}

TEST_CASE("a run that is taken up goes on from where it was") {
  World world({{"a"}, {"b", {"a"}}, {"c", {"b"}}, {"bad"}, {"after", {"bad"}}});
  StepsSoFar so_far = pending_steps(world.graph);
  so_far[0].state = RunState::succeeded;
  so_far[1].state = RunState::running;
  so_far[1].started = world.clock.now();
  so_far[3].state = RunState::failed;
  so_far[4].state = RunState::skipped;
  world.runner.then_end(1, RunState::succeeded).then_end(2, RunState::succeeded);
  const RunRecord record = world.run(OnFailure::keep_going, so_far);
  CHECK(world.runner.calls() == Lines{"start b", "start c"});
  CHECK(record.state == RunState::failed);
  CHECK(world.store.events() ==
        Lines{"run 1 begun", "b ended Succeeded", "c started", "c ended Succeeded", "run 1 ended Failed"});
}

}  // namespace ame

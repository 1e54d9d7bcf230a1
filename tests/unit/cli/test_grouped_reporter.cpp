// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "cli/render/grouped_reporter.hpp"
#include "core/run/scheduler.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_console.hpp"
#include "tests/support/memory_run_store.hpp"
#include "tests/support/small_graph.hpp"

namespace ame::cli {

namespace {

constexpr auto out = OutputStream::standard_output;

/// A run that is journalled and told.
struct Telling {
  explicit Telling(const std::vector<SmallStep>& steps,
                   Folding folding = Folding::none,
                   GroupedOutput output = GroupedOutput::all)
      : graph(small_graph(steps)),
        reporter({terminal, runs, clock}, folding, output) {
    console.meet = true;
    journal = runs.begin({.name = "all", .created = clock.now(), .steps = pending_steps(graph)});
    reporter.run_started(journal->record(), graph);
  }

  void start(const std::string& name) {
    const StepRecord step{.name = StepName(name), .state = RunState::running, .started = clock.now()};
    journal->step_started(step);
    reporter.step_started(step);
  }

  void write(const std::string& name, const std::string& bytes) {
    journal->step_output(StepName(name), out, clock.now(), bytes);
    reporter.step_output(StepName(name), out, bytes);
  }

  void end(const std::string& name, RunState state = RunState::succeeded) {
    const StepRecord step{.name = StepName(name),
                          .state = state,
                          .started = clock.now(),
                          .ended = clock.now(),
                          .end = {.exit_code = state == RunState::failed ? 3 : 0}};
    journal->step_ended(step);
    reporter.step_ended(step);
  }

  std::string finish(RunState state = RunState::succeeded) {
    journal->run_ended(state, "", clock.now());
    reporter.run_ended(journal->record());
    return console.out + "|" + console.err;
  }

  MemoryConsole console;
  Terminal terminal{console};
  ManualClock clock;
  MemoryRunStore runs{clock};
  TaskGraph graph;
  GroupedReporter reporter;
  std::unique_ptr<RunJournal> journal;
};

}  // namespace

TEST_CASE("the output of a step stays together, and that of the first is shown as it comes", "[grouped]") {
  Telling telling({{"a"}, {"b"}});
  telling.start("a");
  telling.start("b");
  telling.write("a", "a1\n");
  telling.write("b", "b1\nb2");
  CHECK(telling.console.out == "a1\n");
  telling.write("a", "a2\n");
  telling.end("a");
  CHECK(telling.console.out == "a1\na2\nb1\nb2");
  telling.write("b", "b3\n");
  telling.end("b");
  CHECK(telling.finish() ==
        "a1\na2\nb1\nb2b3\n|"
        "all-1 started: 2 steps\n── a\na succeeded in 0 ms\n── b\nb succeeded in 0 ms\nall-1 succeeded in 0 ms\n");
}

TEST_CASE("a single step passes through as it is", "[grouped]") {
  Telling telling({{"a"}});
  telling.start("a");
  telling.write("a", "10%\r20%\r\xFF");
  telling.end("a");
  CHECK(telling.finish() == "10%\r20%\r\xFF|all-1 started\n\nall-1 succeeded in 0 ms\n");
}

TEST_CASE("what ended before its turn is shown whole, in the order of ending", "[grouped]") {
  Telling telling({{"a"}, {"b"}, {"c"}});
  for (const char* const step : {"a", "b", "c"}) {
    telling.start(step);
    telling.write(step, std::string(step) + "1\n");
  }
  telling.end("c");
  telling.end("b");
  CHECK(telling.console.out == "a1\n");
  telling.end("a");
  CHECK(telling.console.out == "a1\nc1\nb1\n");
}

TEST_CASE("quiet output is that of steps that failed", "[grouped]") {
  Telling telling({{"a"}, {"b"}}, Folding::none, GroupedOutput::failed);
  telling.start("a");
  telling.write("a", "fine\n");
  telling.end("a");
  telling.start("b");
  telling.write("b", "broken\n");
  CHECK(telling.console.out.empty());
  telling.end("b", RunState::failed);
  CHECK(telling.console.out == "broken\n");
}

TEST_CASE("in a CI each step is folded", "[grouped]") {
  CHECK(folding_of("true", "") == Folding::github);
  CHECK(folding_of("", "true") == Folding::gitlab);
  CHECK(folding_of("", "") == Folding::none);
  Telling github({{"a"}, {"b"}}, Folding::github);
  github.start("a");
  github.write("a", "half a line");
  github.end("a");
  CHECK(github.console.out == "::group::a\nhalf a line\n::endgroup::\n");
  Telling gitlab({{"x/a"}, {"b"}}, Folding::gitlab);
  gitlab.start("x/a");
  gitlab.write("x/a", "1\n");
  gitlab.end("x/a");
  CHECK(gitlab.console.out ==
        "\033[0Ksection_start:1767225600:ame_x_a\r\033[0Kx/a\n1\n\033[0Ksection_end:1767225600:ame_x_a\r\033[0K\n");
}

}  // namespace ame::cli

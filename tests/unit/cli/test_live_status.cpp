// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>

#include <catch2/catch.hpp>

#include "cli/render/live_status.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_console.hpp"
#include "tests/support/small_graph.hpp"

namespace ame::cli {

namespace {

/// A machine that is half in use since the second look.
class ScriptedMachine final : public Machine {
 public:
  [[nodiscard]] MachineResources resources(const std::filesystem::path& /*directory*/) const override { return {}; }

  [[nodiscard]] MachineUse use() const override {
    ++looks_;
    return {.busy_ticks = 50 * looks_, .all_ticks = 100 * looks_, .memory_used = 3LL << 30, .memory = 8LL << 30};
  }

 private:
  mutable std::int64_t looks_ = 0;
};

struct Display {
  Display() {
    console.is_a_terminal = true;
    console.meet = true;
    terminal.choose_colours({.always = false, .never = true});
  }

  void begin() {
    live.emplace(terminal, LiveWorld{.machine = &machine, .clock = &clock, .slots = 2, .waits_for = [](StepIndex step) {
                                       return step == 3 ? std::string("4 cpu (1 of 8 free)") : std::string();
                                     }});
    run = {.id = {7}, .name = "all", .created = clock.now()};
    for (const Step& step : graph.steps) {
      run.steps.push_back({.name = step.name});
    }
    live->run_started(run, graph);
  }

  void start(const std::string& name) {
    live->step_started({.name = StepName(name), .state = RunState::running, .started = clock.now()});
  }

  std::string shown() {
    console.err.clear();
    live->show();
    return console.err;
  }

  MemoryConsole console;
  Terminal terminal{console};
  ManualClock clock;
  ScriptedMachine machine;
  TaskGraph graph = small_graph({{"a"}, {"b"}, {"c", {"a", "b"}}, {"d"}});
  std::optional<LiveStatus> live;
  RunRecord run;
};

}  // namespace

TEST_CASE("the display says what runs, since when, what waits and for what, and what failed", "[live]") {
  Display display;
  display.begin();
  display.start("a");
  display.clock.advance(std::chrono::seconds(3));
  display.start("b");
  display.shown();
  display.clock.advance(std::chrono::seconds(2));
  CHECK(display.shown() ==
        "\r\033[4A\033[J"
        "all-7  0/4 done  5.0 s  2/2 places in use  cpu 50%  memory 3.0 of 8.0 GiB\n"
        "  a runs since 5.0 s\n"
        "  b runs since 2.0 s\n"
        "  c waits for a, b\n"
        "  d waits for 4 cpu (1 of 8 free)");
  display.live->step_ended({.name = StepName("b"), .state = RunState::failed, .end = {.exit_code = 3}});
  CHECK(display.shown() ==
        "\r\033[4A\033[J"
        "all-7  1/4 done, 1 failed  5.0 s  1/2 places in use  cpu 50%  memory 3.0 of 8.…\n"
        "  b failed with exit code 3\n"
        "  a runs since 5.0 s\n"
        "  c waits for a\n"
        "  d waits for 4 cpu (1 of 8 free)");
}

TEST_CASE("the display says how far the making of an environment is", "[live]") {
  Display display;
  display.begin();
  display.start("a");
  display.live->step_passing(StepName("a"), "downloading 3 packages: 12.4 of 62.6 MiB, about 4 s left");
  CHECK_THAT(display.shown(), Catch::Contains("\n  a: downloading 3 packages: 12.4 of 62.6 MiB, about 4 s left\n"));
  display.live->step_passing(StepName("a"), "");
  CHECK_THAT(display.shown(), Catch::Contains("\n  a runs since "));
}

TEST_CASE("the display follows the size of the terminal", "[live]") {
  Display display;
  display.begin();
  display.start("a");
  display.console.rows = 6;
  CHECK(display.shown() ==
        "all-7  0/4 done  0 ms  1/2 places in use  memory 3.0 of 8.0 GiB\n"
        "  a runs since 0 ms\n"
        "  … and 3 more lines");
  // What was drawn is folded to two rows each where it is longer than the narrower terminal.
  display.console.columns = 40;
  CHECK(display.shown() ==
        "\r\033[3A\033[J"
        "all-7  0/4 done  0 ms  1/2 places in u…\n"
        "  a runs since 0 ms\n"
        "  … and 3 more lines");
}

TEST_CASE("there is no display without a terminal that redraws, with --quiet, or for a single step", "[live]") {
  Display display;
  display.console.is_a_terminal = false;
  display.terminal.choose_colours({});
  CHECK_FALSE(LiveStatus(display.terminal, {.clock = &display.clock}).works());
  display.console.is_a_terminal = true;
  display.terminal.choose_colours({.term = "dumb"});
  CHECK_FALSE(LiveStatus(display.terminal, {.clock = &display.clock}).works());
  display.terminal.choose_colours({});
  display.terminal.choose_talk(Talk::quiet);
  CHECK_FALSE(LiveStatus(display.terminal, {.clock = &display.clock}).works());
  Display single;
  single.graph = small_graph({{"a"}});
  single.begin();
  CHECK(single.shown().empty());
}

}  // namespace ame::cli

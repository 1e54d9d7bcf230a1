// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/file_run_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_run_store.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace {

struct Files {
  TemporaryDirectory place;
  ManualClock clock;
  FileRunStore store{place / "state", clock};
};

struct Memory {
  ManualClock clock;
  MemoryRunStore store{clock};
};

RunRecord run_of(const std::string& target) {
  return {.name = target,
          .project = ProjectName("p"),
          .project_file = "/p/ame.yml",
          .targets = {target, "other-" + target},
          .extra_arguments = {"--x", "", "a b"},
          .commit = "c0ffee",
          .dirty = true,
          .steps = {{.name = StepName("a")}, {.name = StepName("b/c@x=1")}}};
}

std::string log_of(RunStore& store, RunId id, const std::string& step, LogPosition& position) {
  std::string text;
  position = store.read_log(id, StepName(step), position, [&text](const LogChunk& chunk) {
    text += chunk.stream == OutputStream::standard_error ? "!" : "";
    text += chunk.bytes;
  });
  return text;
}

std::string log_of(RunStore& store, RunId id, const std::string& step) {
  LogPosition position;
  return log_of(store, id, step, position);
}

RunId finish(RunStore& store, const Clock& clock, RunRecord record, RunState state = RunState::succeeded) {
  const auto journal = store.begin(std::move(record));
  journal->run_ended(state, "", clock.now());
  return journal->record().id;
}

std::vector<long> numbers(const std::vector<RunRecord>& runs) {
  std::vector<long> found;
  for (const RunRecord& run : runs) {
    found.push_back(run.id.number);
  }
  return found;
}

}  // namespace

TEMPLATE_TEST_CASE("a run is found as it was journalled, while it runs and after", "[contract][runs]", Files, Memory) {
  TestType world;
  RunStore& store = world.store;
  const auto journal = store.begin(run_of("train"));
  const RunId id = journal->record().id;
  CHECK(id.number == 1);
  CHECK(journal->record().created == world.clock.now());
  CHECK(store.find(id) == journal->record());
  CHECK(store.find(id)->state == RunState::pending);

  StepRecord step = {.name = StepName("a"), .state = RunState::running, .started = world.clock.now()};
  journal->step_started(step);
  journal->flush();
  CHECK(store.find(id)->state == RunState::running);
  CHECK(store.find(id) == journal->record());

  world.clock.advance(std::chrono::seconds{3});
  step.state = RunState::failed;
  step.ended = world.clock.now();
  step.end = {.exit_code = 3, .reason = "it \"broke\"\n\xff"};
  step.environment = "3f9a";
  step.python = "/usr/bin/python3";
  step.cpu = std::chrono::microseconds{17};
  step.peak_memory = 1L << 40;
  journal->step_ended(step);
  journal->step_ended({.name = StepName("b/c@x=1"), .state = RunState::skipped, .ended = world.clock.now()});
  journal->run_ended(RunState::failed, "why", world.clock.now());
  auto found = store.find(id);
  REQUIRE(found.has_value());
  CHECK_THAT(found->steps[0].end.reason, Catch::StartsWith("it \"broke\"\n"));
  found->steps[0].end.reason = step.end.reason;  // bytes that are no UTF-8 need not come back
  CHECK(*found == journal->record());
  CHECK(found->state == RunState::failed);
  CHECK(found->ended == world.clock.now());
}

TEMPLATE_TEST_CASE("a further attempt begins anew", "[contract][runs]", Files, Memory) {
  TestType world;
  RunStore& store = world.store;
  const auto journal = store.begin(run_of("train"));
  const StepName name("a");
  journal->step_started({.name = name, .state = RunState::running, .started = world.clock.now()});
  journal->step_output(name, OutputStream::standard_output, world.clock.now(), "one");
  journal->step_ended({.name = name, .state = RunState::failed, .ended = world.clock.now(), .end = {.exit_code = 1}});
  journal->step_started({.name = name, .state = RunState::running, .started = world.clock.now(), .attempt = 2});
  journal->step_output(name, OutputStream::standard_output, world.clock.now(), "two");
  journal->flush();
  CHECK(store.find(journal->record().id) == journal->record());
  CHECK(journal->record().steps[0].attempt == 2);
  CHECK_FALSE(journal->record().steps[0].ended.has_value());
  CHECK(log_of(store, journal->record().id, "a") == "onetwo");
}

TEMPLATE_TEST_CASE("the version of a run changes with what is journalled", "[contract][runs]", Files, Memory) {
  TestType world;
  std::vector<std::uint64_t> versions;
  const auto journal = world.store.begin(run_of("train"));
  const RunId id = journal->record().id;
  versions.push_back(world.store.version_of(id));
  CHECK(world.store.version_of(id) == versions.back());
  journal->step_started({.name = StepName("a"), .state = RunState::running, .started = world.clock.now()});
  journal->flush();
  versions.push_back(world.store.version_of(id));
  journal->step_ended({.name = StepName("a"), .state = RunState::succeeded, .ended = world.clock.now()});
  journal->flush();
  versions.push_back(world.store.version_of(id));
  journal->run_ended(RunState::succeeded, "", world.clock.now());
  versions.push_back(world.store.version_of(id));
  CHECK(std::ranges::adjacent_find(versions) == versions.end());
}

TEMPLATE_TEST_CASE("requests to cancel steps come to the owner once, in their order",
                   "[contract][runs]",
                   Files,
                   Memory) {
  TestType world;
  const auto journal = world.store.begin(run_of("train"));
  const RunId id = journal->record().id;
  CHECK(journal->take_cancel_requests().empty());
  world.store.ask_to_cancel(id, StepName("b/c@x=1"));
  world.store.ask_to_cancel(id, StepName("a"));
  CHECK(journal->take_cancel_requests() == std::vector<StepName>{StepName("b/c@x=1"), StepName("a")});
  CHECK(journal->take_cancel_requests().empty());
  world.store.ask_to_cancel(id, StepName("a"));
  CHECK(journal->take_cancel_requests() == std::vector<StepName>{StepName("a")});
}

TEMPLATE_TEST_CASE("the list is newest first and filtered", "[contract][runs]", Files, Memory) {
  TestType world;
  RunStore& store = world.store;
  CHECK(store.list({}).empty());
  finish(store, world.clock, run_of("train"));
  finish(store, world.clock, run_of("test"), RunState::failed);
  RunRecord third = run_of("train");
  third.project = ProjectName("q");
  third.kind = "environment";
  finish(store, world.clock, third);
  const auto running = store.begin(run_of("train"));

  CHECK(numbers(store.list({})) == std::vector<long>{4, 3, 2, 1});
  CHECK(numbers(store.list({.limit = 2})) == std::vector<long>{4, 3});
  CHECK(numbers(store.list({.name = "train"})) == std::vector<long>{4, 3, 1});
  CHECK(numbers(store.list({.name = "other-test"})) == std::vector<long>{2});
  CHECK(numbers(store.list({.project = ProjectName("q")})) == std::vector<long>{3});
  CHECK(numbers(store.list({.states = {RunState::failed, RunState::pending}})) == std::vector<long>{4, 2});
  CHECK(numbers(store.list({.kind = "environment"})) == std::vector<long>{3});
  CHECK(store.list({.name = "x"}).empty());

  const RunRecord oldest = store.list({}).back();
  RunRecord expected = *store.find(RunId{1});
  CHECK(expected.steps.size() == 2);
  expected.steps.clear();
  CHECK(oldest == expected);
}

TEMPLATE_TEST_CASE("a log comes back byte for byte, with streams and times", "[contract][runs]", Files, Memory) {
  TestType world;
  RunStore& store = world.store;
  const auto journal = store.begin(run_of("train"));
  const RunId id = journal->record().id;
  const StepName name("b/c@x=1");
  journal->step_started({.name = name, .state = RunState::running, .started = world.clock.now()});
  const std::string binary("\0\xff\r\n", 4);
  journal->step_output(name, OutputStream::standard_output, world.clock.now(), binary);
  const UtcTime first = world.clock.now();
  world.clock.advance(std::chrono::milliseconds{5});
  journal->step_output(name, OutputStream::standard_error, world.clock.now(), "err");
  journal->step_output(name, OutputStream::standard_output, world.clock.now(), "");

  std::vector<UtcTime> times;
  const LogPosition end = store.read_log(id, name, {}, [&](const LogChunk& chunk) {
    CHECK(chunk.step == name);
    times.push_back(chunk.time);
  });
  CHECK(times == std::vector<UtcTime>{first, world.clock.now()});
  CHECK(end.chunk == 2);
  CHECK(log_of(store, id, "b/c@x=1") == binary + "!err");
  CHECK(log_of(store, id, "a").empty());
  CHECK(log_of(store, RunId{99}, "a").empty());
}

TEMPLATE_TEST_CASE("a log is followed from where its reader stood", "[contract][runs]", Files, Memory) {
  TestType world;
  RunStore& store = world.store;
  const auto journal = store.begin(run_of("train"));
  const RunId id = journal->record().id;
  const StepName name("a");
  LogPosition position;
  CHECK(log_of(store, id, "a", position).empty());
  journal->step_output(name, OutputStream::standard_output, world.clock.now(), "one");
  CHECK(log_of(store, id, "a", position) == "one");
  CHECK(log_of(store, id, "a", position).empty());
  journal->step_output(name, OutputStream::standard_output, world.clock.now(), "two");
  journal->step_ended({.name = name, .state = RunState::succeeded, .ended = world.clock.now()});
  journal->run_ended(RunState::succeeded, "", world.clock.now());
  CHECK(log_of(store, id, "a", position) == "two");
  CHECK(log_of(store, id, "a", position).empty());
}

TEMPLATE_TEST_CASE("a finished run can be removed, its number is not used again", "[contract][runs]", Files, Memory) {
  TestType world;
  RunStore& store = world.store;
  const RunId id = finish(store, world.clock, run_of("train"));
  store.remove(id);
  CHECK_FALSE(store.find(id).has_value());
  CHECK(store.list({}).empty());
  store.remove(id);
  const auto running = store.begin(run_of("train"));
  CHECK(running->record().id.number == 2);
  CHECK_THROWS_WITH(store.remove(RunId{2}), "run `train-2` is not finished");
}

}  // namespace ame

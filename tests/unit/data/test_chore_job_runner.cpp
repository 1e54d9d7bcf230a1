// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/data/chore_job_runner.hpp"
#include "tests/support/scripted_job_runner.hpp"

namespace ame {
namespace {

/// Chores as the test wants them.
class ScriptedChores final : public StepChores {
 public:
  AfterChore before(const Job& /*job*/) override {
    ++asked;
    return first;
  }

  std::vector<Chore> after(const Job& /*job*/, const JobEnded& /*ended*/) override { return last; }

  void ended(const Job& job, const JobEnded& ended) override {
    ends.emplace_back(job.step, ended.state);
    awake = std::exchange(wakes, {});
  }

  std::vector<StepIndex> woken() override { return std::exchange(awake, {}); }

  AfterChore first = GoOn{};
  std::vector<Chore> last;
  std::vector<StepIndex> wakes;  ///< once a step has ended
  std::vector<StepIndex> awake;
  int asked = 0;
  std::vector<std::pair<StepIndex, RunState>> ends;
};

Chore chore(const char* command, std::function<AfterChore(const ChoreReport&)> then = {}) {
  return {.command = command, .request = "/request", .failure = "it was not done", .then = std::move(then)};
}

const ChoreProgram program{.program = "/bin/ame",
                           .environment = std::make_shared<std::vector<EnvironmentVariable>>(
                               std::vector<EnvironmentVariable>{{"AME_HOME", "/home"}})};

struct World {
  StepPlan plan{.command = ShellCommand{"train"}};
  ScriptedJobRunner inner{4};
  ScriptedChores chores;
  ChoreJobRunner runner{inner, {&chores}, program};

  Job job(StepIndex step = 0) {
    return {.step = step,
            .name = StepName("s" + std::to_string(step)),
            .plan = &plan,
            .environment = {{"SECRET", "hidden"}},
            .timeout = std::chrono::seconds(1)};
  }

  JobEnded end() { return std::get<JobEnded>(runner.wait(std::nullopt)); }

  /// What was started: the word after `internal` of a chore, the text of a command.
  std::vector<std::string> started() const {
    std::vector<std::string> words;
    for (const Job& job : inner.started()) {
      const auto* argv = std::get_if<ArgvCommand>(&job.plan->command);
      words.push_back(argv != nullptr ? argv->argv.at(2) : std::get<ShellCommand>(job.plan->command).text);
    }
    return words;
  }
};

}  // namespace

TEST_CASE("chores come before and after the command, in the step's place") {
  World world;
  world.chores.first = Insert{{chore("look"), chore("place")}};
  world.chores.last = {chore("keep")};
  for (int count = 0; count < 4; ++count) {
    world.inner.then_end(0, RunState::succeeded);
  }
  world.runner.start(world.job());
  CHECK(world.end().state == RunState::succeeded);
  CHECK(world.started() == std::vector<std::string>{"look", "place", "train", "keep"});
  CHECK(world.chores.ends == std::vector<std::pair<StepIndex, RunState>>{{0, RunState::succeeded}});
}

TEST_CASE("a chore gets none of the step's variables, and no timeout") {
  World world;
  world.chores.first = Insert{{chore("look")}};
  world.inner.then_end(0, RunState::succeeded).then_end(0, RunState::succeeded);
  world.runner.start(world.job());
  world.end();
  const Job& chore_job = world.inner.started().front();
  CHECK(chore_job.environment.empty());
  CHECK(chore_job.inherited == program.environment);
  CHECK_FALSE(chore_job.timeout);
  CHECK(std::get<ArgvCommand>(chore_job.plan->command).argv ==
        std::vector<std::string>{"/bin/ame", "internal", "look", "--request", "/request"});
  CHECK(world.inner.started().back().environment.size() == 1);
}

TEST_CASE("a chore that fails fails the step, in its own words") {
  World world;
  world.chores.last = {chore("keep")};
  world.inner.then_end(0, RunState::succeeded)
      .then(JobOutput{.step = 0, .bytes = "progress sending\nfailure no space left\nhint make so"})
      .then(JobOutput{.step = 0, .bytes = "me\n"})
      .then_end(0, RunState::failed, {.exit_code = 4});
  world.runner.start(world.job());
  CHECK(std::get<JobProgress>(world.runner.wait(std::nullopt)).line == "sending");
  CHECK(std::get<JobProgress>(world.runner.wait(std::nullopt)).line == "hint: make some");
  const JobEnded ended = world.end();
  CHECK(ended.state == RunState::failed);
  CHECK(ended.end == StepEnd{.reason = "it was not done: no space left"});
}

TEST_CASE("a command that failed stays the reason, whatever becomes of its artifacts") {
  World world;
  world.chores.last = {chore("keep")};
  world.inner.then_end(0, RunState::failed, {.exit_code = 3}).then_end(0, RunState::failed, {.exit_code = 4});
  world.runner.start(world.job());
  CHECK(std::get<JobProgress>(world.runner.wait(std::nullopt)).line ==
        "it was not done: the process of ame that does it ended with exit code 4");
  CHECK(world.end().end == StepEnd{.exit_code = 3});
}

TEST_CASE("a chore can end its step without a command, and put others first") {
  World world;
  world.chores.first = Insert{{chore("wait", [](const ChoreReport& /*report*/) {
    return Insert{{chore("check", [](const ChoreReport& report) -> AfterChore {
      return report.answer() == "ready" ? AfterChore(EndStep{.state = RunState::succeeded, .end = {}}) : GoOn{};
    })}};
  })}};
  world.inner.then_end(0, RunState::succeeded)
      .then(JobOutput{.step = 0, .bytes = "answer ready\n"})
      .then_end(0, RunState::succeeded);
  world.runner.start(world.job());
  CHECK(world.end().state == RunState::succeeded);
  CHECK(world.started() == std::vector<std::string>{"wait", "check"});
}

TEST_CASE("a step on hold goes on when another has ended, and is cancelled when all stop") {
  World world;
  world.runner.start(world.job(0));
  world.chores.first = Hold{};
  world.runner.start(world.job(1));
  CHECK(world.started() == std::vector<std::string>{"train"});
  SECTION("woken") {
    world.chores.first = GoOn{};
    world.chores.wakes = {1};
    world.inner.then_end(0, RunState::succeeded).then_end(1, RunState::succeeded);
    CHECK(world.end().step == 0);
    CHECK(world.end().step == 1);
    CHECK(world.started() == std::vector<std::string>{"train", "train"});
  }
  SECTION("stopped") {
    world.runner.stop_all(JobRunner::Force::politely);
    const JobEnded ended = world.end();
    CHECK(ended.step == 1);
    CHECK(ended.state == RunState::cancelled);
    CHECK(world.inner.calls().back() == "stop politely");
  }
}

TEST_CASE("nothing is kept of a step that was stopped") {
  World world;
  world.chores.last = {chore("keep")};
  world.runner.start(world.job());
  world.runner.stop_all(JobRunner::Force::politely);
  world.inner.then_end(0, RunState::cancelled);
  CHECK(world.end().state == RunState::cancelled);
  CHECK(world.started() == std::vector<std::string>{"train"});
}

}  // namespace ame

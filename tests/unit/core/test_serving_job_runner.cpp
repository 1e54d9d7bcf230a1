// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include "core/run/serving_job_runner.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/scripted_job_runner.hpp"

namespace ame {
namespace {

using std::chrono::seconds;

/// Notes what is asked of it.
class NotingDoor final : public FrontDoor {
 public:
  void take(std::uint16_t /*port*/, const std::filesystem::path& /*from*/) override {}

  [[nodiscard]] std::uint16_t port() const override { return 5001; }

  void open(std::uint16_t server, const std::filesystem::path& /*here*/) override {
    calls.push_back("open " + std::to_string(server));
  }

  void hold() override { calls.emplace_back("hold"); }

  void close() override { calls.emplace_back("close"); }

  [[nodiscard]] std::size_t busy() const override { return clients; }

  std::uint16_t free_port() override { return next_port++; }

  std::vector<std::string> calls;
  std::size_t clients = 0;
  std::uint16_t next_port = 7001;
};

HttpFailure refused() {
  return {.fault = HttpFault::unreachable, .reason = "nobody listens there"};
}

struct World {
  ScriptedJobRunner inner{1};
  NotingDoor door;
  ScriptedHttp http;
  ManualClock clock;
  int opened = 0;
  ServingJobRunner runner{inner, door, http, clock, {.handover = "/h", .opened = [this] { ++opened; }}};

  World() { runner.start({.step = 0}); }

  /// The next look is due.
  World& looks(Scene scene) {
    http.then(std::move(scene));
    return passes(seconds(6));
  }

  World& passes(seconds time) {
    inner.then(DeadlineReached{}, [this, time] { clock.advance(time); });
    return *this;
  }

  /// What was said in the log until the job ended.
  std::string hear() {
    std::string said;
    while (true) {
      const JobEvent event = runner.wait(std::nullopt);
      if (const auto* const output = std::get_if<JobOutput>(&event)) {
        said += output->bytes;
      } else if (const auto* const ended = std::get_if<JobEnded>(&event)) {
        end = *ended;
        return said;
      }
    }
  }

  JobEnded end;
};

}  // namespace

TEST_CASE("clients are let in when the server is healthy, and not before") {
  World world;
  world.looks({refused()}).looks({status(503)}).looks({status(200)});
  world.inner.then_end(0, RunState::failed, {.exit_code = 2});
  world.passes(seconds(2)).looks({status(200)});
  world.inner.then(StopRequested{15});
  JobEvent event = world.runner.wait(std::nullopt);
  REQUIRE(std::holds_alternative<JobOutput>(event));
  CHECK(std::get<JobOutput>(event).bytes == "ame: healthy: port 5001 leads to it\n");
  CHECK(world.door.calls == std::vector<std::string>{"open 7001"});
  CHECK(world.opened == 1);
  event = world.runner.wait(std::nullopt);
  CHECK(std::get<JobOutput>(event).bytes == "ame: the server ended: exit code 2; it is started again in 1 s\n");
  event = world.runner.wait(std::nullopt);
  CHECK(std::get<JobOutput>(event).bytes == "ame: the server is healthy again\n");
  CHECK(world.door.calls == std::vector<std::string>{"open 7001", "hold", "open 7002"});
  CHECK(world.opened == 1);
  CHECK(std::holds_alternative<StopRequested>(world.runner.wait(std::nullopt)));
  CHECK(world.inner.started().back().environment ==
        std::vector<EnvironmentVariable>{{.key = "AME_MODEL_PORT", .value = "7002"}});
}

TEST_CASE("a server that never gets healthy fails, with what was wrong last") {
  World world;
  for (int look = 0; look < 21; ++look) {
    world.looks({status(503)});
  }
  world.inner.then_end(0, RunState::cancelled);
  CHECK(world.hear().empty());
  CHECK(world.end.state == RunState::failed);
  CHECK(world.end.end.reason == "the server was not healthy within 120 s: `/health` answers with status 503");
  CHECK(world.inner.calls() == std::vector<std::string>{"start ", "stop 0 politely"});
  CHECK(world.opened == 0);
}

TEST_CASE("a server that ends before it was healthy fails as it ended, or for having ended at all") {
  World world;
  world.inner.then_end(0, RunState::succeeded);
  world.hear();
  CHECK(world.end.state == RunState::failed);
  CHECK(world.end.end.reason == "the server ended by itself");
}

TEST_CASE("a server that falls ill is started again, and again after growing pauses") {
  World world;
  world.looks({status(200)}).looks({status(500)}).looks({status(500)}).looks({status(500)});
  world.inner.then_end(0, RunState::cancelled);
  world.passes(seconds(2)).looks({status(200)});
  for (int restart = 0; restart < 7; ++restart) {
    world.inner.then_end(0, RunState::failed, {.signal = 9});
    world.passes(seconds(61));
  }
  world.inner.then(StopRequested{15});
  std::string said;
  for (JobEvent event = world.runner.wait(std::nullopt); !std::holds_alternative<StopRequested>(event);
       event = world.runner.wait(std::nullopt)) {
    said += std::get<JobOutput>(event).bytes;
  }
  CHECK(said.find("ame: the server is not healthy: `/health` answers with status 500\n") != std::string::npos);
  CHECK(said.find("ended: the server is not healthy: `/health` answers with status 500; it is started again in 1 s") !=
        std::string::npos);
  CHECK(said.find("started again in 2 s") != std::string::npos);
  CHECK(said.find("started again in 32 s") != std::string::npos);
  CHECK(said.find("started again in 64 s") == std::string::npos);
  CHECK(said.ends_with("started again in 60 s\n"));
}

TEST_CASE("a server that is stopped answers first what was asked of it") {
  World world;
  world.looks({status(200)});
  world.inner.then(StopRequested{15});
  while (!std::holds_alternative<StopRequested>(world.runner.wait(std::nullopt))) {
  }
  world.door.clients = 2;
  world.runner.stop_all(JobRunner::Force::politely);
  CHECK(world.door.calls.back() == "close");
  world.inner.then(DeadlineReached{}, [&] { world.clock.advance(std::chrono::milliseconds(60)); });
  world.inner.then(DeadlineReached{}, [&] {
    CHECK(world.inner.calls().back() == "start ");
    world.door.clients = 0;
    world.clock.advance(std::chrono::milliseconds(60));
  });
  world.inner.then_end(0, RunState::cancelled);
  world.hear();
  CHECK(world.end.state == RunState::cancelled);
  CHECK(world.inner.calls().back() == "stop politely");
}

TEST_CASE("a server that does not come to an end with its clients is stopped after some seconds, or at once") {
  World world;
  world.looks({status(200)});
  world.inner.then(StopRequested{15});
  while (!std::holds_alternative<StopRequested>(world.runner.wait(std::nullopt))) {
  }
  world.door.clients = 1;
  SECTION("after some seconds") {
    world.runner.stop_all(JobRunner::Force::politely);
    world.passes(seconds(6));
    world.inner.then_end(0, RunState::cancelled);
    world.hear();
    CHECK(world.inner.calls().back() == "stop politely");
  }
  SECTION("at once") {
    world.runner.stop_all(JobRunner::Force::politely);
    world.runner.stop_all(JobRunner::Force::at_once);
    CHECK(world.inner.calls().back() == "stop at once");
  }
}

TEST_CASE("a server that waits to be started again ends at once when it is stopped") {
  World world;
  world.looks({status(200)});
  world.inner.then_end(0, RunState::failed, {.exit_code = 2});
  world.inner.then(StopRequested{15});
  while (!std::holds_alternative<StopRequested>(world.runner.wait(std::nullopt))) {
  }
  world.runner.stop_all(JobRunner::Force::politely);
  world.hear();
  CHECK(world.end.state == RunState::cancelled);
  CHECK(world.inner.is_finished());
}

}  // namespace ame

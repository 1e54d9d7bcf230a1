// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <deque>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clusters/tes/tes_job_runner.hpp"
#include "core/system/disk_file_system.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/later_errands.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_object_store.hpp"
#include "tests/support/passing_time.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame::clusters {
namespace {

using namespace std::chrono_literals;

using Lines = std::vector<std::string>;
using nlohmann::json;

/// A server of TES that runs nothing: tasks are in the state that the test says.
class SmallTes final : public Http {
 public:
  struct Held {
    std::string name;
    std::string state = "QUEUED";
    std::string output;
    int exit_code = 0;
  };

  std::map<std::string, Held> tasks;
  std::deque<HttpResult> faults;      ///< in place of the next answers
  bool does_it_all_the_same = false;  ///< although a fault is what is answered
  int created = 0;
  Lines cancelled;

  HttpResult send(const HttpRequest& request) override {
    const std::string path = request.url.substr(request.url.find("/v1") + 3);
    if (!faults.empty()) {
      HttpResult fault = faults.front();
      faults.pop_front();
      if (does_it_all_the_same) {
        static_cast<void>(answer(request, path));
      }
      return fault;
    }
    return answer(request, path);
  }

 private:
  static HttpResponse says(const json& document) { return {.status = 200, .headers = {}, .body = document.dump()}; }

  static json shown(const std::string& id, const Held& task) {
    return {{"id", id},
            {"name", task.name},
            {"state", task.state},
            {"logs", {{{"logs", {{{"stdout", task.output}, {"exit_code", task.exit_code}}}}}}}};
  }

  HttpResult answer(const HttpRequest& request, const std::string& path) {
    if (request.method == "POST" && path == "/tasks") {
      const std::string id = fmt::format("t{}", ++created);
      tasks[id].name = json::parse(request.body).at("name");
      return says({{"id", id}});
    }
    if (path.starts_with("/tasks?")) {
      json list = json::array();
      for (const auto& [id, task] : tasks) {
        list.push_back(shown(id, task));
      }
      return says({{"tasks", list}});
    }
    const std::string id = path.substr(7, path.find_first_of("?:", 7) - 7);
    if (!tasks.contains(id)) {
      return HttpResponse{.status = 404, .headers = {}, .body = {}};
    }
    if (path.ends_with(":cancel")) {
      cancelled.push_back(id);
      tasks[id].state = "CANCELED";
      return says(json::object());
    }
    return says(shown(id, tasks[id]));
  }
};

/// Two steps of a run that is called `fit-1-x`.
struct World {
  explicit World(bool is_left = false) {
    for (const char* const name : {"1-a", "2-b"}) {
      files.make_directories(directory / "tasks");
      files.write_atomically(directory / "tasks" / (std::string(name) + ".json"),
                             json{{"name", std::string("fit-1-x/") + name}}.dump());
    }
    runner.emplace(
        TesGraph{.name = "fit-1",
                 .token = "fit-1-x",
                 .directory = directory / "",
                 .names = {"1-a", "2-b"},
                 .is_left = is_left,
                 .listener = {.looked = [this] { ++looks; },
                              .troubled = [this](const std::string& trouble) { troubles.push_back(trouble); }}},
        TesWorld{.client = client, .store = store, .files = files, .processes = time, .clock = clock},
        std::make_unique<LaterErrands>());
  }

  Job job(StepIndex step) {
    Job made;
    made.step = step;
    made.plan = &plan;
    made.timeout = 90s;
    return made;
  }

  /// All that is told within a time, as text. Steps are started once they have room.
  Lines told_within(std::chrono::milliseconds span) {
    Lines told;
    const auto deadline = clock.steady() + span;
    while (true) {
      for (const StepIndex step : wanted) {
        if (!started.contains(step) && runner->has_room_for(job(step))) {
          started.insert(step);
          runner->start(job(step));
        }
      }
      const JobEvent event = runner->wait(deadline);
      if (std::holds_alternative<DeadlineReached>(event)) {
        return told;
      }
      told.push_back(text_of(event));
    }
  }

  static std::string text_of(const JobEvent& event) {
    if (const auto* output = std::get_if<JobOutput>(&event)) {
      return fmt::format("{} {}", output->step, output->bytes);
    }
    if (const auto* progress = std::get_if<JobProgress>(&event)) {
      return fmt::format("{} says {}", progress->step, progress->line);
    }
    if (const auto* ended = std::get_if<JobEnded>(&event)) {
      return fmt::format("{} {} {}{}{}",
                         ended->step,
                         word_of(ended->state),
                         ended->end.exit_code,
                         ended->end.reason.empty() ? "" : " ",
                         ended->end.reason);
    }
    return std::holds_alternative<RoomChanged>(event) ? "room" : "other";
  }

  void leaves(const std::string& name, const std::string& state, const std::string& output) {
    store.put_text("runs/fit-1-x/" + name + "/state", state);
    store.put_text("runs/fit-1-x/" + name + "/stdout", output);
    store.put_text("runs/fit-1-x/" + name + "/stderr", "");
  }

  TemporaryDirectory directory;
  ManualClock clock;
  DiskFileSystem files;
  SmallTes tes;
  TesClient client{tes, "http://127.0.0.1:1/v1", {}, {}};
  MemoryObjectStore store;
  PassingTime time{clock};
  StepPlan plan;
  int looks = 0;
  Lines troubles;
  std::set<StepIndex> wanted = {0};
  std::set<StepIndex> started;
  std::optional<TesJobRunner> runner;
};

}  // namespace

TEST_CASE("a task is sent when somebody asks for room, and has it when the server runs it") {
  World world;
  CHECK(world.told_within(1s).empty());
  REQUIRE(world.tes.created == 1);
  CHECK(world.tes.tasks["t1"].name == "fit-1-x/1-a");
  CHECK(world.runner->waits_for(world.job(0)) == "TES (QUEUED)");
  CHECK(world.runner->waits_for(world.job(1)) == "TES");
  world.tes.tasks["t1"].state = "RUNNING";
  world.tes.tasks["t1"].output = "one\n";
  CHECK(world.told_within(5s) == Lines{"room", "0 one\n"});
  world.tes.tasks["t1"] = {.name = "fit-1-x/1-a", .state = "COMPLETE", .output = "two\n"};
  world.leaves("1-a", "begun 5 n\nended 7 9 0 0\n", "one\ntwo\n");
  CHECK(world.told_within(5s) == Lines{"0 two\n", "0 Failed 7"});
  CHECK(world.tes.created == 1);
  CHECK(world.looks == 1);
}

TEST_CASE("what was sent and not answered is looked for before it is sent again") {
  World world;
  world.tes.faults = {HttpFailure{.fault = HttpFault::broken, .reason = "it broke off"}};
  SECTION("it is there") {
    world.tes.does_it_all_the_same = true;
    CHECK(world.told_within(10s) == Lines{"0 says the server does not do its work: it broke off; it is asked again",
                                          "0 says the server answers again"});
    CHECK(world.tes.created == 1);
  }
  SECTION("it is not") {
    CHECK(world.told_within(10s).size() == 2);
    CHECK(world.tes.created == 1);
  }
  CHECK(world.troubles == Lines{"the server it broke off", ""});
}

TEST_CASE("what was sent and not answered is only looked for where nobody wants it any more") {
  World world;
  world.tes.faults = {HttpFailure{.fault = HttpFault::broken, .reason = "it broke off"}};
  world.tes.does_it_all_the_same = GENERATE(true, false);
  const bool is_there = world.tes.does_it_all_the_same;
  world.told_within(10ms);
  world.wanted = {};
  CHECK(world.runner->finish(30s).empty());
  CHECK(world.tes.created == (is_there ? 1 : 0));
  CHECK(world.tes.cancelled == (is_there ? Lines{"t1"} : Lines{}));
}

TEST_CASE("a server that is busy is left alone as long as it wants") {
  World world;
  world.tes.faults = {HttpResponse{.status = 429, .headers = {{.name = "retry-after", .value = "20"}}, .body = {}}};
  world.told_within(19s);
  CHECK(world.tes.created == 0);
  world.told_within(5s);
  CHECK(world.tes.created == 1);
}

TEST_CASE("what a server refuses fails with what it says, once, and nothing is sent again") {
  World world;
  world.tes.faults = {HttpResponse{.status = 400, .headers = {}, .body = R"({"error": "no such image"})"}};
  CHECK(world.told_within(60s) ==
        Lines{"room", "0 Failed 0 the server refused its task: it answers 400 (no such image)"});
  CHECK(world.tes.created == 0);
}

TEST_CASE("who takes a run up finds its tasks by their names, and never sends one twice") {
  World world(true);
  world.tes.tasks["old"] = {.name = "fit-1-x/1-a", .state = "RUNNING", .output = "so far\n"};
  world.tes.tasks["other"] = {.name = "fit-1-y/2-b", .state = "RUNNING", .output = {}};
  world.wanted = {0, 1};
  world.tes.faults = {HttpResponse{.status = 502, .headers = {}, .body = {}}};
  const Lines told = world.told_within(10s);
  CHECK(std::ranges::find(told, "0 so far\n") != told.end());
  CHECK(world.tes.created == 1);
  CHECK(world.tes.tasks["t1"].name == "fit-1-x/2-b");
  CHECK(world.looks == 1);
  CHECK(world.troubles.front() == "the server answers 502");
  CHECK(world.troubles.back().empty());
}

TEST_CASE("a step that ran and that the server does not know any more has failed") {
  World world(true);
  world.runner->start(world.job(0));
  world.started.insert(0);
  CHECK(world.told_within(5s).back() == "0 Failed 0 the server does not know its task any more");
  CHECK(world.tes.created == 0);
}

TEST_CASE("a task that is gone while it is followed has failed") {
  World world;
  world.told_within(1s);
  world.tes.tasks["t1"].state = "RUNNING";
  world.told_within(1s);
  world.tes.tasks.clear();
  CHECK(world.told_within(5s).back() == "0 Failed 0 the server does not know task t1 any more");
}

TEST_CASE("a timeout ends the task there, and is what it failed of") {
  World world;
  world.told_within(1s);
  world.tes.tasks["t1"].state = "RUNNING";
  world.tes.tasks["t1"].output = "begun\n";
  const Lines told = world.told_within(120s);
  CHECK(told == Lines{"room", "0 begun\n", "0 Failed 0 took longer than its timeout of 1m30s"});
  CHECK(world.tes.cancelled == Lines{"t1"});
}

TEST_CASE("what is to stop is cancelled there, and what waits is never sent") {
  World world;
  world.told_within(1s);
  world.tes.tasks["t1"].state = "RUNNING";
  world.told_within(1s);
  static_cast<void>(world.runner->has_room_for(world.job(1)));
  world.runner->stop_all(JobRunner::Force::politely);
  world.wanted = {};
  CHECK(world.told_within(5s) == Lines{"0 Cancelled 0"});
  CHECK(world.tes.created == 1);
  CHECK(world.runner->finish(5s).empty());
}

TEST_CASE("who asks twice does not wait for the server, and is told that it is not known") {
  World world;
  world.told_within(1s);
  world.tes.tasks["t1"].state = "RUNNING";
  world.told_within(1s);
  world.tes.faults.assign(50, HttpFailure{.fault = HttpFault::unreachable, .reason = "nobody listens"});
  world.runner->stop_all(JobRunner::Force::politely);
  world.runner->stop_all(JobRunner::Force::at_once);
  CHECK(world.told_within(100ms).front() == "0 Cancelled 0 task t1 was told to end, and whether it has is not known");
}

TEST_CASE("a task that waits in the queue is taken out of it when nobody wants it any more") {
  World world;
  world.told_within(1s);
  CHECK(world.runner->finish(5s).empty());
  CHECK(world.tes.cancelled == Lines{"t1"});
}

TEST_CASE("what a step left is fetched again where the storage fails, and named where it is not there") {
  World world;
  world.told_within(1s);
  world.tes.tasks["t1"].state = "COMPLETE";
  const Lines told = world.told_within(60s);
  CHECK(told.back() == "0 Failed 0 what it left cannot be fetched: no object `runs/fit-1-x/1-a/state`");
}

TEST_CASE("a container that could not run shows what the server knows of it") {
  World world;
  world.told_within(1s);
  world.tes.tasks["t1"] = {.name = "fit-1-x/1-a", .state = "EXECUTOR_ERROR", .output = "no image\n", .exit_code = 125};
  CHECK(world.told_within(5s) ==
        Lines{"room", "0 no image\n", "0 Failed 0 its container could not run (exit code 125)"});
}

TEST_CASE("SIGTERM ends the following alone, Ctrl-C is for the tasks") {
  World world;
  world.told_within(1s);
  world.time.next.push_back(StopRequested{.signal = SIGINT});
  CHECK(world.told_within(1s) == Lines{"other"});
  world.time.next.push_back(StopRequested{.signal = SIGTERM});
  CHECK(failure_of([&] { world.told_within(1s); }) ==
        "fit-1 is not followed any more; its tasks go on\nhint: `ame task attach fit-1` watches it again, and starts "
        "what "
        "comes next");
  CHECK(world.tes.cancelled.empty());
}

}  // namespace ame::clusters

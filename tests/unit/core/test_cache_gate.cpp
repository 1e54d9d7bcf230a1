// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

#include "core/run/cache_gate.hpp"
#include "core/run/job_environment.hpp"
#include "core/system/directory_object_store.hpp"
#include "core/system/disk_file_hasher.hpp"
#include "core/system/disk_file_system.hpp"
#include "tests/support/files.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_file_locks.hpp"
#include "tests/support/small_graph.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// Two cached steps in a real directory: `b` needs `a`.
struct World {
  World() {
    Task a;
    a.cache = {.inputs = {"in"}, .outputs = {"mid"}};
    Task b;
    b.cache = {.inputs = {"mid"}, .outputs = {"out"}};
    graph = small_graph({{.name = "a", .needs = {}, .task = a}, {.name = "b", .needs = {"a"}, .task = b}});
    for (Step& step : graph.steps) {
      Task task = *step.task;
      task.project_directory = project();
      step.task = std::make_shared<const Task>(task);
    }
    plans.resize(2);
    plans[0].command = ShellCommand{"make mid"};
    plans[1].command = ShellCommand{"make out"};
    fs::create_directories(project());
    write("in", "1");
    // Long after the files: their times are to be trusted.
    clock.advance(std::chrono::hours(24 * 365 * 100));
  }

  [[nodiscard]] fs::path project() const { return place / "project"; }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(project() / name, std::ios::binary) << text;
  }

  [[nodiscard]] std::string read(const std::string& name) const { return content_of(project() / name); }

  CacheGate gate(const std::string& run, CacheUse use = CacheUse::restore) {
    return {graph,
            {.directory = place / "books", .run = run, .environments = {}},
            {.clock = clock, .files = files, .hasher = hasher, .locks = locks, .objects = objects},
            use};
  }

  std::vector<Job> jobs(const std::vector<EnvironmentVariable>& variables = {}) {
    return make_jobs(graph, plans, {.run = RunId{1}, .caller = {}, .command_line = variables});
  }

  /// Runs both steps, each writing its input and a mark; gives the reasons.
  std::vector<std::string> run(const std::string& name) {
    CacheGate cache = gate(name);
    std::vector<std::string> told;
    for (const Job& job : jobs()) {
      const GateVerdict verdict = cache.judge(job);
      told.push_back((verdict.skip ? "skip: " : "run: ") + verdict.reason);
      if (!verdict.skip) {
        job.step == 0 ? write("mid", read("in") + "m") : write("out", read("mid") + "o");
        const std::string warning = cache.ended(job, {.name = job.name, .state = RunState::succeeded});
        told.back() += warning.empty() ? "" : " / " + warning;
      }
    }
    cache.save();
    return told;
  }

  TemporaryDirectory place;
  TaskGraph graph;
  std::vector<StepPlan> plans;
  ManualClock clock;
  DiskFileSystem files;
  DiskFileHasher hasher;
  MemoryFileLocks locks;
  DirectoryObjectStore objects{place / "objects"};
};

using Lines = std::vector<std::string>;

const Lines first = {"run: it was never done before", "run: it was never done before"};
const Lines unchanged = {"skip: nothing has changed since p-1", "skip: nothing has changed since p-1"};

}  // namespace

TEST_CASE("a step is done once, and skipped while nothing changes", "[cache]") {
  World world;
  CHECK(world.run("p-1") == first);
  CHECK(world.run("p-2") == unchanged);
  CHECK(world.read("out") == "1mo");
}

TEST_CASE("a change of content counts, a change of time does not", "[cache]") {
  World world;
  world.run("p-1");
  world.write("in", "1");
  CHECK(world.run("p-2") == unchanged);
  world.write("in", "2");
  CHECK(world.run("p-3") == Lines{"run: `in` has changed", "run: `a`, which it needs, has another result"});
  CHECK(world.read("out") == "2mo");
}

TEST_CASE("an earlier state is put back from what is kept", "[cache]") {
  World world;
  world.run("p-1");
  world.write("in", "2");
  world.run("p-2");
  world.write("in", "1");
  CHECK(world.run("p-3") == Lines{"skip: nothing has changed since p-1; `mid` was put back",
                                  "skip: nothing has changed since p-1; `out` was put back"});
  CHECK(world.read("out") == "1mo");
}

TEST_CASE("outputs whose content is not kept any more are made again", "[cache]") {
  World world;
  world.run("p-1");
  fs::remove_all(world.place / "objects");
  fs::remove(world.project() / "mid");
  CHECK(world.run("p-2") ==
        Lines{"run: `mid` is gone, and its content is not kept", "skip: nothing has changed since p-1"});
}

TEST_CASE("looking changes nothing, and says what would be", "[cache]") {
  World world;
  world.run("p-1");
  fs::remove(world.project() / "mid");
  world.write("in", "2");
  CacheGate cache = world.gate("p-2", CacheUse::look);
  const std::vector<Job> jobs = world.jobs();
  CHECK(cache.judge(jobs[0]) == GateVerdict{.skip = false, .reason = "`in` has changed"});
  CHECK(cache.judge(jobs[1]) == GateVerdict{.skip = false, .reason = "`a`, which it needs, would run"});
  world.write("in", "1");
  CacheGate again = world.gate("p-2", CacheUse::look);
  CHECK(again.judge(jobs[0]).reason == "nothing has changed since p-1; `mid` would be put back");
  CHECK(again.judge(jobs[1]).reason == "nothing has changed since p-1");
  CHECK_FALSE(fs::exists(world.project() / "mid"));
}

TEST_CASE("a step that is asked for runs whatever is known of it, and its result is kept", "[cache]") {
  World world;
  world.run("p-1");
  CacheGate forced(world.graph,
                   {.directory = world.place / "books", .run = "p-2", .environments = {}, .forced = {0}},
                   {.clock = world.clock,
                    .files = world.files,
                    .hasher = world.hasher,
                    .locks = world.locks,
                    .objects = world.objects},
                   CacheUse::restore);
  const std::vector<Job> jobs = world.jobs();
  CHECK(forced.judge(jobs[0]) == GateVerdict{.skip = false, .reason = "it was asked for"});
  CHECK(forced.ended(jobs[0], {.name = jobs[0].name, .state = RunState::succeeded}).empty());
  // It left the same behind.
  CHECK(forced.judge(jobs[1]).skip);
}

TEST_CASE("variables and commands count, what ame itself says does not", "[cache]") {
  World world;
  world.run("p-1");
  CacheGate cache = world.gate("p-2");
  CHECK(cache.judge(world.jobs({{"LR", "1"}})[0]).reason == "its variables are others");
  world.plans[0].command = ShellCommand{"make it"};
  CHECK(cache.judge(world.jobs()[0]).reason == "its command is another one");
}

TEST_CASE("an environment that is not there yet is no reason to skip", "[cache]") {
  World world;
  world.run("p-1");
  world.plans[0].environment = EnvironmentPlan{.manager = "pip"};
  CacheGate cache = world.gate("p-2");
  CHECK(cache.judge(world.jobs()[0]).reason == "its environment is yet to be made");
}

TEST_CASE("a need without a cache runs, so what needs it does", "[cache]") {
  World world;
  world.run("p-1");
  Task plain = *world.graph.steps[0].task;
  plain.cache = {};
  world.graph.steps[0].task = std::make_shared<const Task>(plain);
  CacheGate cache = world.gate("p-2");
  CHECK_FALSE(cache.judge(world.jobs()[0]).skip);
  CHECK(cache.judge(world.jobs()[1]).reason == "`a`, which it needs, ran");
  CacheGate reused = world.gate("p-2");
  reused.passed_over(world.jobs()[0], {.skip = true, .reason = {}, .result = result_as_before});
  CHECK(reused.judge(world.jobs()[1]).skip);
}

TEST_CASE("a result is not kept when its inputs change meanwhile, or nothing was left behind", "[cache]") {
  World world;
  CacheGate cache = world.gate("p-1");
  const std::vector<Job> jobs = world.jobs();
  cache.judge(jobs[0]);
  CHECK(cache.ended(jobs[0], {.name = jobs[0].name, .state = RunState::succeeded}) ==
        "the result of `a` is not kept: it left no `mid` behind");
  cache.judge(jobs[0]);
  world.write("in", "changed");
  CHECK(cache.ended(jobs[0], {.name = jobs[0].name, .state = RunState::succeeded}) ==
        "the result of `a` is not kept: `in` has changed while it ran");
  cache.judge(jobs[0]);
  CHECK(cache.ended(jobs[0], {.name = jobs[0].name, .state = RunState::failed}).empty());
  cache.save();
  CHECK(world.gate("p-2").judge(jobs[0]).reason == "it was never done before");
}

}  // namespace ame

// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/disk_file_system.hpp"
#include "core/system/file_run_store.hpp"
#include "core/system/short_logs.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

struct World {
  TemporaryDirectory place;
  ManualClock clock;
  fs::path state = place / "state";

  /// As another process would see it: nothing is remembered.
  [[nodiscard]] FileRunStore open() const { return {state, clock}; }

  RunId finish(const std::string& target) const {
    FileRunStore store(state, clock);
    const auto journal = store.begin({.name = target, .targets = {target}, .steps = {{.name = StepName("a")}}});
    journal->step_started({.name = StepName("a"), .state = RunState::running, .started = clock.now()});
    journal->step_ended({.name = StepName("a"), .state = RunState::succeeded, .ended = clock.now()});
    journal->run_ended(RunState::succeeded, "", clock.now());
    return journal->record().id;
  }

  /// A process that does this and ends without another word, as kill -9 would end it.
  template <class Work>
  void in_process_that_dies(Work work) const {
    const pid_t pid = ::fork();
    if (pid == 0) {
      FileRunStore store(state, clock);
      work(store);
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    REQUIRE(status == 0);
  }

  [[nodiscard]] RunId die_running(const std::string& words = "last words", const std::string& cluster = "") const {
    in_process_that_dies([&](FileRunStore& store) {
      const auto journal = store.begin({.name = "train",
                                        .targets = {"train"},
                                        .cluster = cluster,
                                        .steps = {{.name = StepName("a")}, {.name = StepName("b")}}});
      journal->step_started({.name = StepName("a"), .state = RunState::running, .started = clock.now()});
      journal->flush();
      journal->step_output(StepName("a"), OutputStream::standard_error, clock.now(), words);
      ::_exit(0);
    });
    return RunId{1};
  }
};

std::string read(const fs::path& path) {
  return DiskFileSystem().read(path).value_or("");
}

void append(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::app) << text;
}

std::string log_of(RunStore& store, RunId id, const std::string& step) {
  std::string text;
  store.read_log(id, StepName(step), {}, [&text](const LogChunk& chunk) { text += chunk.bytes; });
  return text;
}

}  // namespace

TEST_CASE("a run whose ame was killed shows as failed, with the reason, and keeps its log", "[runs]") {
  const World world;
  const RunId id = world.die_running();
  const auto runs = FileRunStore(world.state, world.clock).list({});
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].state == RunState::failed);
  CHECK(runs[0].reason == "ame was killed");
  CHECK(runs[0].ended.has_value());

  FileRunStore store(world.state, world.clock);
  const auto run = store.find(id);
  REQUIRE(run.has_value());
  CHECK(run->state == RunState::failed);
  CHECK(run->steps[0].state == RunState::failed);
  CHECK(run->steps[0].end.reason == "ame was killed");
  CHECK(run->steps[1].state == RunState::skipped);
  CHECK(log_of(store, id, "a") == "last words");
}

TEST_CASE("a step does not end before it has started, whatever time the kernel notes", "[runs]") {
  constexpr std::chrono::hours long_ago{50 * 365 * 24};
  const World world;
  const UtcTime start = world.clock.now() + std::chrono::milliseconds{5};
  world.in_process_that_dies([&](FileRunStore& store) {
    const auto journal = store.begin({.name = "train", .targets = {"train"}, .steps = {{.name = StepName("a")}}});
    journal->step_started({.name = StepName("a"), .state = RunState::running, .started = start});
    journal->flush();
    ::_exit(0);
  });
  for (const auto& entry : fs::recursive_directory_iterator(world.state / "runs")) {
    fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - long_ago);
  }
  const auto run = FileRunStore(world.state, world.clock).find(RunId{1});
  REQUIRE(run.has_value());
  CHECK(run->steps[0].ended == start);
}

TEST_CASE("a run on a cluster goes on when its ame was killed, until another takes it up", "[runs]") {
  const World world;
  const std::string words = GENERATE(std::string("last words"), std::string(2 * longest_short_log, 'w'));
  const RunId id = world.die_running(words, "lab");
  FileRunStore store(world.state, world.clock);
  append(store.directory_of(id) / "events.jsonl", R"({"event":"step_ended","time":17,"ste)");
  const auto left = store.find(id);
  REQUIRE(left.has_value());
  CHECK(left->cluster == "lab");
  CHECK(left->state == RunState::running);
  CHECK(store.list({.states = {RunState::running}}).size() == 1);
  {
    const auto journal = store.take_up(id);
    REQUIRE(journal != nullptr);
    CHECK(store.take_up(id) == nullptr);
    CHECK(journal->record().steps == left->steps);
    CHECK(journal->record().owner != left->owner);
    journal->step_output(StepName("a"), OutputStream::standard_output, world.clock.now(), " and more");
    journal->step_ended({.name = StepName("a"), .state = RunState::succeeded});
    journal->run_ended(RunState::succeeded, "", world.clock.now());
  }
  CHECK(log_of(store, id, "a") == words + " and more");
  CHECK(store.find(id)->state == RunState::succeeded);
  const auto listed = store.list({});
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].state == RunState::succeeded);
  CHECK(listed[0].cluster == "lab");
  CHECK(store.take_up(id) == nullptr);
}

TEST_CASE("that ame was killed is recorded once, by whoever looks first", "[runs]") {
  const World world;
  const RunId id = world.die_running();
  FileRunStore store(world.state, world.clock);
  const auto run = store.find(id);
  const std::string events = read(store.directory_of(id) / "events.jsonl");
  CHECK_THAT(events, Catch::Contains(R"("state":"Failed","reason":"ame was killed")"));
  CHECK(store.find(id) == run);
  CHECK(store.list({}).size() == 1);
  CHECK(read(store.directory_of(id) / "events.jsonl") == events);
}

TEST_CASE("an event that a crash cut off is as if it had never been", "[runs]") {
  const World world;
  const RunId id = world.die_running();
  FileRunStore store(world.state, world.clock);
  append(store.directory_of(id) / "events.jsonl", R"({"event":"step_ended","time":17,"ste)");
  const auto run = store.find(id);
  REQUIRE(run.has_value());
  CHECK(run->state == RunState::failed);
  CHECK(run->steps[0].end.reason == "ame was killed");
  CHECK(store.find(id) == run);
}

TEST_CASE("bytes that a crash kept out of the index of a log are not lost", "[runs]") {
  const World world;
  const std::string words(2 * longest_short_log, 'w');
  const RunId id = world.die_running(words);
  FileRunStore store(world.state, world.clock);
  append(store.directory_of(id) / "logs/a.log", "!");
  LogPosition position;
  std::string text;
  const auto visit = [&text](const LogChunk& chunk) { text += chunk.bytes; };
  position = store.read_log(id, StepName("a"), position, visit);
  CHECK(text == words + "!");
  store.read_log(id, StepName("a"), position, visit);
  CHECK(text == words + "!");
}

TEST_CASE("a run that was killed before its first word leaves nothing to show", "[runs]") {
  const World world;
  fs::create_directories(world.state / "runs/1");
  fs::create_directories(world.state / "active");
  append(world.state / "active/1", "");
  append(world.state / "runs/1/events.jsonl", R"({"event":"run_beg)");
  FileRunStore store(world.state, world.clock);
  CHECK(store.list({}).empty());
  CHECK_FALSE(store.find(RunId{1}).has_value());
  CHECK(world.finish("train") == RunId{2});
}

TEST_CASE("a run that still runs is left alone", "[runs]") {
  const World world;
  FileRunStore owner(world.state, world.clock);
  const auto journal = owner.begin({.name = "train", .targets = {"train"}, .steps = {{.name = StepName("a")}}});
  world.in_process_that_dies([](FileRunStore& store) {
    const bool is_running = store.list({}).at(0).state == RunState::pending && store.find(RunId{1})->reason.empty();
    ::_exit(is_running ? 0 : 1);
  });
  journal->run_ended(RunState::succeeded, "", world.clock.now());
  CHECK(owner.find(RunId{1})->state == RunState::succeeded);
}

TEST_CASE("the list does not need its index", "[runs]") {
  const World world;
  world.finish("one");
  world.finish("two");
  SECTION("when it was deleted") {
    fs::remove(world.state / "index.db");
  }
  SECTION("when it is damaged") {
    std::ofstream(world.state / "index.db", std::ios::trunc) << std::string(9000, 'x');
  }
  SECTION("when it cannot be a file") {
    fs::remove(world.state / "index.db");
    fs::remove(world.state / "index.db-wal");
    fs::remove(world.state / "index.db-shm");
    fs::create_directory(world.state / "index.db");
  }
  for (int i = 0; i < 2; ++i) {
    FileRunStore store(world.state, world.clock);
    const auto runs = store.list({});
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].name == "two");
    CHECK(store.list({.name = "one"}).size() == 1);
  }
}

TEST_CASE("the log of the index does not grow with each run that another process ends", "[runs]") {
  const World world;
  constexpr std::uintmax_t most = 600UL << 10;
  for (int i = 0; i < 60; ++i) {
    world.finish("train");
  }
  CHECK(fs::file_size(world.state / "index.db-wal") < most);
  CHECK(world.open().list({}).size() == 60);
}

TEST_CASE("a run that could not be entered into the index is entered by who looks next", "[runs]") {
  const World world;
  fs::create_directories(world.state / "index.db");
  world.finish("one");
  CHECK(fs::exists(world.state / "active/1"));
  fs::remove(world.state / "index.db");
  CHECK(FileRunStore(world.state, world.clock).list({}).size() == 1);
  CHECK_FALSE(fs::exists(world.state / "active/1"));
}

TEST_CASE("runs that begin at the same time get numbers of their own", "[runs]") {
  const World world;
  constexpr int processes = 8;
  constexpr int runs_each = 20;
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    children.push_back(::fork());
    if (children.back() == 0) {
      for (int run = 0; run < runs_each; ++run) {
        world.finish("train");
      }
      ::_exit(0);
    }
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  FileRunStore store(world.state, world.clock);
  std::set<long> numbers;
  for (const RunRecord& run : store.list({})) {
    CHECK(run.state == RunState::succeeded);
    numbers.insert(run.id.number);
  }
  CHECK(numbers.size() == processes * runs_each);
}

TEST_CASE("looking creates nothing", "[runs]") {
  const World world;
  FileRunStore store(world.state, world.clock);
  CHECK(store.list({}).empty());
  CHECK_FALSE(store.find(RunId{1}).has_value());
  CHECK_FALSE(fs::exists(world.state));
}

TEST_CASE("a state directory of a newer ame is refused", "[runs]") {
  const World world;
  fs::create_directories(world.state);
  append(world.state / "format", "2\n");
  FileRunStore store(world.state, world.clock);
  const std::string message = "`" + world.state.string() + "` was written by a newer ame";
  CHECK_THROWS_WITH(store.list({}), message);
  CHECK_THROWS_WITH(store.begin({}), message);
}

TEST_CASE("a state directory that cannot be made is named", "[runs]") {
  const World world;
  append(world.place / "file", "");
  FileRunStore store(world.place / "file" / "state", world.clock);
  CHECK_THROWS_WITH(store.begin({}),
                    "cannot create the directory `" + (world.place / "file").string() + "`: Not a directory");
}

TEST_CASE("a state directory that may not be read is named", "[runs]") {
  const World world;
  fs::create_directories(world.state);
  fs::permissions(world.state, fs::perms::none);
  FileRunStore store(world.state, world.clock);
  constexpr uid_t nobody = 65534;
  const uid_t user = ::geteuid();
  if (user == 0) {
    REQUIRE(::seteuid(nobody) == 0);  // the superuser may read everything
  }
  CHECK_THROWS_WITH(store.list({}), "cannot read `" + (world.state / "format").string() + "`: Permission denied");
  CHECK(::seteuid(user) == 0);
}

TEST_CASE("steps whose names look alike have logs of their own", "[runs]") {
  const World world;
  FileRunStore store(world.state, world.clock);
  const auto journal = store.begin({.name = "train"});
  const std::string long_name(400, 'x');
  const std::vector<std::string> names = {
      "a/b", "a%2Fb", "a@b", "..", ".", "lr=0.1", "é", long_name, long_name + "y", "a.log", "a.index", "a"};
  for (const std::string& name : names) {
    journal->step_output(StepName(name), OutputStream::standard_output, world.clock.now(), name);
  }
  for (const std::string& name : names) {
    CHECK(log_of(store, journal->record().id, name) == name);
  }
}

TEST_CASE("a log larger than any buffer comes back whole", "[runs]") {
  const World world;
  FileRunStore store(world.state, world.clock);
  const auto journal = store.begin({.name = "train"});
  std::string all;
  for (int i = 0; i < 10'000; ++i) {
    const std::string piece = std::string(static_cast<std::size_t>(i) % 97, 'x') + std::to_string(i) + "\n";
    journal->step_output(StepName("a"), OutputStream::standard_output, world.clock.now(), piece);
    all += piece;
  }
  const std::string large(3'000'000, 'y');
  journal->step_output(StepName("a"), OutputStream::standard_output, world.clock.now(), large);
  CHECK(log_of(store, journal->record().id, "a") == all + large);
}

}  // namespace ame

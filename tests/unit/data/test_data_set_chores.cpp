// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/data/data_set_chores.hpp"
#include "core/data/data_set_record.hpp"
#include "tests/support/memory_file_locks.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/memory_object_store.hpp"

namespace ame {
namespace {

const DataLayout layout("/state", "/cache");

DataSetPlan plan() {
  return {.shown = "customers",
          .name = "customers",
          .project = ProjectName("demo"),
          .directory = "/p",
          .path = "data",
          .steps = {{"the command of `fetch`", "1"}},
          .sources = {{.directory = "/p", .name = "demo", .inputs = {"a"}, .always = {"b"}, .outcomes = {"c \xFF"}}},
          .made_by = {0, 1}};
}

/// A data set that steps 0 and 1 make and step 2 uses.
struct World {
  MemoryFileSystem files;
  MemoryFileLocks locks;
  DataSetChores chores{{{.plan = plan(), .is_ready = false, .key = {}, .users = {2}}},
                       {.run = {5}, .origin = "0123abcd", .run_directory = "/state/runs/5", .layout = layout},
                       files,
                       locks};

  static Job job(StepIndex step) { return {.step = step, .project = "/p"}; }

  static JobEnded end(StepIndex step, RunState state) { return {.step = step, .state = state}; }

  static ChoreReport report(const char* text) {
    ChoreReport report;
    report.hear(text);
    return report;
  }
};

Chore only(const AfterChore& next) {
  const auto* insert = std::get_if<Insert>(&next);
  REQUIRE(insert != nullptr);
  REQUIRE(insert->chores.size() == 1);
  return insert->chores.front();
}

}  // namespace

TEST_CASE("the first step of a data set decides for all of them") {
  World world;
  const Chore look = only(world.chores.before(World::job(0)));
  CHECK(look.command == "look-at-data-set");
  CHECK(std::holds_alternative<Hold>(world.chores.before(World::job(1))));
  SECTION("it is ready") {
    CHECK(std::holds_alternative<EndStep>(look.then(World::report("answer ready\n"))));
    CHECK(world.chores.woken() == std::vector<StepIndex>{1});
    CHECK(std::holds_alternative<EndStep>(world.chores.before(World::job(1))));
    CHECK(world.locks.try_lock(data_set_lock(layout, plan())));
  }
  SECTION("it is to be made") {
    CHECK(std::holds_alternative<AskAgain>(look.then(World::report("answer to be made\n"))));
    CHECK(world.chores.woken() == std::vector<StepIndex>{1});
    CHECK(std::holds_alternative<GoOn>(world.chores.before(World::job(0))));
    CHECK(std::holds_alternative<GoOn>(world.chores.before(World::job(1))));
    CHECK_FALSE(world.locks.try_lock(data_set_lock(layout, plan())));
    // The last step that makes it keeps it, and only then others may look.
    CHECK(world.chores.after(World::job(0), World::end(0, RunState::succeeded)).empty());
    world.chores.ended(World::job(0), World::end(0, RunState::succeeded));
    const auto keep = world.chores.after(World::job(1), World::end(1, RunState::succeeded));
    REQUIRE(keep.size() == 1);
    CHECK(keep.front().command == "keep-data-set");
    CHECK_FALSE(world.locks.try_lock(data_set_lock(layout, plan())));
    world.chores.ended(World::job(1), World::end(1, RunState::succeeded));
    CHECK(world.locks.try_lock(data_set_lock(layout, plan())));
  }
}

TEST_CASE("while another run makes a data set, it is waited for and then looked at") {
  World world;
  auto other = world.locks.try_lock(data_set_lock(layout, plan()));
  const Chore wait = only(world.chores.before(World::job(0)));
  CHECK(wait.command == "await-data-set");
  other.reset();
  CHECK(std::holds_alternative<AskAgain>(wait.then({})));
  CHECK(only(world.chores.before(World::job(0))).command == "look-at-data-set");
}

TEST_CASE("data is put in place before each attempt of a step that uses it") {
  World world;
  CHECK(only(world.chores.before(World::job(2))).command == "place-data-sets");
  const auto written = world.files.read("/state/runs/5/data/place-2.json");
  REQUIRE(written);
  const auto requests = read_data_set_requests(*written);
  REQUIRE(requests.size() == 1);
  CHECK(requests.front().destination == "/p");
  CHECK(requests.front().plan == plan());
  world.chores.ended(World::job(2), World::end(2, RunState::failed));
  CHECK(only(world.chores.before(World::job(2))).command == "place-data-sets");
}

TEST_CASE("a maker's failure is noted with its run until the data set is made") {
  World world;
  world.chores.before(World::job(0));
  world.chores.ended(World::job(0), World::end(0, RunState::failed));
  CHECK(world.files.read(data_set_failure(layout, plan())) == "5\n");
  CHECK(world.locks.try_lock(data_set_lock(layout, plan())));
}

TEST_CASE("a record of a data set comes back by its key, and the newest by name") {
  MemoryObjectStore store;
  DataSetRecord record{.project = ProjectName("demo"),
                       .name = "customers",
                       .path = "data",
                       .key = "k1",
                       .parts = {{"`a`", "1"}, {"`b`", "1"}},
                       .run = {5},
                       .origin = "0123abcd",
                       .created = UtcTime(std::chrono::microseconds(7)),
                       .entries = {{.path = "data", .mode = 0644, .size = 1, .hash = std::string(64, 'a')}}};
  store_record(store, record);
  CHECK(find_record(store, record.project, "customers", "k1") == record);
  CHECK_FALSE(is_whole(store, record));
  store.put_text(object_key(std::string(64, 'a')), "1");
  CHECK(is_whole(store, record));
  record.key = "k2";
  store_record(store, record);
  CHECK(newest_record(store, record.project, "customers") == record);
  CHECK_FALSE(newest_record(store, record.project, "orders"));
}

TEST_CASE("what changed is told, three things at most") {
  const std::vector<KeyPart> then = {{"`a`", "1"}, {"`b`", "1"}, {"`c`", "1"}};
  CHECK(difference_of(then, then).empty());
  CHECK(difference_of(then, {{"`a`", "2"}, {"`b`", "1"}, {"`d`", "1"}}) == "`a` changed, `d` is new, `c` is gone");
  CHECK(difference_of({}, {{"`a`", "1"}, {"`b`", "1"}, {"`c`", "1"}, {"`d`", "1"}}) ==
        "`a` is new, `b` is new, `c` is new and 1 more");
}

}  // namespace ame

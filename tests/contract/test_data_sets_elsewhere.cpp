// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/data/data_set_chores.hpp"
#include "core/data/data_sets_elsewhere.hpp"
#include "core/system/disk_file_hasher.hpp"
#include "core/system/disk_file_system.hpp"
#include "core/system/disk_tree_scanner.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_file_locks.hpp"
#include "tests/support/memory_object_store.hpp"
#include "tests/support/scripted_job_runner.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {
namespace {

using Lines = std::vector<std::string>;

/// A data set that steps 0 and 1 make in a directory that is not their project.
struct World {
  World() {
    std::filesystem::create_directories(there / "data");
    std::ofstream(there / "data/a") << "content";
    files.make_directories(top / "run");
    files.write_atomically(request().key_file, data_set_key_json({.key = "k1", .parts = {}}));
  }

  [[nodiscard]] DataSetRequest request() const {
    return {.plan = {.shown = "levels",
                     .name = "levels",
                     .project = ProjectName("tides"),
                     .directory = "/nowhere",
                     .path = "data",
                     .made_by = {0, 1}},
            .key_file = top / "run/key.json",
            .run = {5},
            .origin = "0123abcd",
            .destination = {}};
  }

  DataSetPorts ports() {
    return {
        .step = {.artifacts = {.scanner = scanner, .hasher = hasher, .store = store}, .files = files, .locks = locks},
        .layout = layout,
        .clock = clock};
  }

  /// What is told of the next events of the runner.
  Lines told(std::size_t count, const std::set<StepIndex>& done = {}) {
    DataSetsElsewhere runner(jobs, {request()}, there, done, ports());
    is_locked = locks.try_lock(data_set_lock(layout, request().plan)) == nullptr;
    Lines lines;
    for (std::size_t event = 0; event < count; ++event) {
      const JobEvent next = runner.wait(std::nullopt);
      if (const auto* const ended = std::get_if<JobEnded>(&next)) {
        lines.push_back(std::string(word_of(ended->state)) + ended->end.reason);
      } else if (const auto* const progress = std::get_if<JobProgress>(&next)) {
        lines.push_back(progress->line);
      }
    }
    is_still_locked = locks.try_lock(data_set_lock(layout, request().plan)) == nullptr;
    return lines;
  }

  [[nodiscard]] bool is_kept() { return find_record(store, ProjectName("tides"), "levels", "k1").has_value(); }

  [[nodiscard]] bool is_told_to_have_failed() const {
    return files.read(data_set_failure(layout, request().plan)) == "5\n";
  }

  TemporaryDirectory top;
  std::filesystem::path there = top / "there";
  DataLayout layout{top / "state", top / "cache"};
  DiskFileSystem files;
  DiskTreeScanner scanner;
  DiskFileHasher hasher;
  MemoryObjectStore store;
  MemoryFileLocks locks;
  ManualClock clock;
  ScriptedJobRunner jobs{4};
  bool is_locked = false;
  bool is_still_locked = false;
};

}  // namespace

TEST_CASE("a data set is kept when the last of its steps has ended well") {
  World world;
  world.jobs.then_end(1, RunState::succeeded).then_end(0, RunState::succeeded);
  CHECK(world.told(3) == Lines{"Succeeded", "the data set `levels` is ready: 1 file (7 bytes)", "Succeeded"});
  CHECK(world.is_kept());
  CHECK(world.is_locked);
  CHECK_FALSE(world.is_still_locked);
  CHECK_FALSE(world.is_told_to_have_failed());
}

TEST_CASE("who takes a run up waits for those steps alone that have not ended") {
  World world;
  world.jobs.then_end(2, RunState::succeeded).then_end(0, RunState::succeeded);
  CHECK(world.told(3, {1}).size() == 3);
  CHECK(world.is_kept());
}

TEST_CASE("a data set of which a step failed is not kept, and that is noted") {
  World world;
  world.jobs.then_end(0, RunState::succeeded).then_end(1, RunState::failed);
  CHECK(world.told(2) == Lines{"Succeeded", "Failed"});
  CHECK_FALSE(world.is_kept());
  CHECK(world.is_told_to_have_failed());
  CHECK_FALSE(world.is_still_locked);
}

TEST_CASE("the step that left nothing of a data set has failed") {
  World world;
  std::filesystem::remove_all(world.there / "data");
  world.jobs.then_end(0, RunState::succeeded).then_end(1, RunState::succeeded);
  const Lines told = world.told(2);
  CHECK(told.at(1).starts_with("Failedthe data set `levels` was not stored: "));
  CHECK(world.is_told_to_have_failed());
}

TEST_CASE("the data set that another run makes is kept all the same") {
  World world;
  const auto lock = world.locks.try_lock(data_set_lock(world.layout, world.request().plan));
  world.jobs.then_end(0, RunState::succeeded).then_end(1, RunState::succeeded);
  CHECK(world.told(3).size() == 3);
  CHECK(world.is_kept());
}

}  // namespace ame

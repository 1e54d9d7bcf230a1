// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/disk_file_system.hpp"
#include "core/system/frozen_run_file.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

FrozenRun some_run() {
  FrozenRun run{.ame = "0.1.0",
                .project_path = {"/lib"},
                .wishes = {.variables = {{"LR", "1"}},
                           .withheld = {"TOKEN"},
                           .timeout = "2h",
                           .slots = 3,
                           .keeps_going = true,
                           .withholds_arguments = true},
                .changes = {.commit = "abc", .diff = std::string(5000, 'd'), .is_whole = true, .untracked = {"new.py"}},
                .files = {},
                .withheld_files = {"/p/.env"},
                .steps = {{.name = StepName("a/b"),
                           .task = TaskName("b"),
                           .needs = {StepName("a/a")},
                           .command = ArgvCommand{{"x", "y z"}},
                           .directory = "/p/sub",
                           .environment = "pip-1",
                           .image = "img",
                           .variables = {{"A", "1"}}}}};
  run.files.contents = {{"/p/ame.yml", "tasks: []\n"},
                        {"/p/lock", std::string(10'000, 'l')},
                        {"/p/odd", std::string("\xFF\0x", 3)},
                        {"/p/none", std::nullopt},
                        {"/p/.env", std::nullopt}};
  run.files.statuses = {{"/p", {.kind = FileKind::directory}}, {"/p/none", {}}};
  run.files.lists = {{"/p", {"ame.yml", "lock"}}};
  return run;
}

}  // namespace

TEST_CASE("a frozen run is read as it was written, for its owner alone", "[frozen run]") {
  const TemporaryDirectory top;
  const FrozenPlace place{.directory = top / "runs/1/frozen", .shared = top / "frozen"};
  CHECK_FALSE(read_frozen_run(place));
  const FrozenRun run = some_run();
  write_frozen_run(place, run);
  const auto read = read_frozen_run(place);
  REQUIRE(read);
  CHECK(read->ame == run.ame);
  CHECK(read->project_path == run.project_path);
  CHECK(read->wishes == run.wishes);
  CHECK(read->changes == run.changes);
  CHECK(read->steps == run.steps);
  CHECK(read->files.contents == run.files.contents);
  CHECK(read->files.lists == run.files.lists);
  CHECK(read->files.statuses.at("/p").kind == FileKind::directory);
  CHECK(read->files.statuses.at("/p/none").kind == FileKind::missing);
  CHECK(read->withheld_files == run.withheld_files);
  for (const auto& entry : fs::directory_iterator(place.directory)) {
    CHECK((entry.status().permissions() & fs::perms(0077)) == fs::perms::none);
  }
}

TEST_CASE("runs share what they have in common until the last of them goes", "[frozen run]") {
  const TemporaryDirectory top;
  const FrozenPlace first{.directory = top / "runs/1/frozen", .shared = top / "frozen"};
  const FrozenPlace second{.directory = top / "runs/2/frozen", .shared = top / "frozen"};
  write_frozen_run(first, some_run());
  write_frozen_run(second, some_run());
  const auto shared = DiskFileSystem().list(first.shared);
  REQUIRE(shared.size() == 3);
  CHECK(fs::hard_link_count(first.shared / shared.front()) == 3);
  release_frozen_run(first);
  fs::remove_all(first.directory);
  CHECK(read_frozen_run(second)->changes == some_run().changes);
  release_frozen_run(second);
  fs::remove_all(second.directory);
  CHECK(DiskFileSystem().list(first.shared).empty());
}

TEST_CASE("a content of which a crash of the machine left a part is not shared", "[frozen run]") {
  const TemporaryDirectory top;
  const FrozenPlace first{.directory = top / "runs/1/frozen", .shared = top / "frozen"};
  const FrozenPlace second{.directory = top / "runs/2/frozen", .shared = top / "frozen"};
  write_frozen_run(first, some_run());
  for (const std::string& name : DiskFileSystem().list(first.shared)) {
    fs::resize_file(first.shared / name, 0);
  }
  CHECK_THROWS_AS(read_frozen_run(first), Error);
  write_frozen_run(second, some_run());
  CHECK(read_frozen_run(second)->changes == some_run().changes);
}

TEST_CASE("a frozen run that was cut off or is of another version counts as none", "[frozen run]") {
  const TemporaryDirectory top;
  const FrozenPlace place{.directory = top / "frozen", .shared = top / "shared"};
  write_frozen_run(place, some_run());
  DiskFileSystem files;
  const std::string whole = files.read(place.directory / "run.json").value();
  for (const std::string& text : {whole.substr(0, whole.size() / 2), std::string(R"({"v":2})"), std::string("[]")}) {
    files.write_atomically(place.directory / "run.json", text);
    CHECK_FALSE(read_frozen_run(place));
  }
}

}  // namespace ame

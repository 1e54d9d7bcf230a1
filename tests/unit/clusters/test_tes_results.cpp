// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

#include "clusters/tes/tes_export.hpp"
#include "clusters/tes/tes_results.hpp"
#include "core/system/disk_file_system.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame::clusters {
namespace {

namespace fs = std::filesystem;

struct World {
  World() {
    for (const char* const name : {"project/data", "changed/data", "outside"}) {
      files.make_directories(directory / name);
    }
    write("outside/kept", "kept");
  }

  void write(const std::string& name, const std::string& text) { files.write_atomically(directory / name, text); }

  std::string read(const std::string& name) { return files.read(directory / name).value_or("(none)"); }

  void merge() { merge_changes(directory / "changed", directory / "project", files); }

  TemporaryDirectory directory;
  DiskFileSystem files;
};

}  // namespace

TEST_CASE("what a step has changed comes into the files of the run") {
  World world;
  world.write("project/same", "same");
  world.write("project/data/old", "old");
  world.write("project/data/gone", "gone");
  world.write("changed/data/old", "new");
  world.write("changed/- a b", "odd");
  world.write("changed/.ame.gone", "./data/gone\n./never\n");
  world.write("changed/.ame.made", "./empty/er\n");
  fs::create_symlink("data/old", world.directory / "changed/link");
  world.merge();
  CHECK(world.read("project/same") == "same");
  CHECK(world.read("project/data/old") == "new");
  CHECK(world.read("project/data/gone") == "(none)");
  CHECK(world.read("project/- a b") == "odd");
  CHECK(fs::is_directory(world.directory / "project/empty/er"));
  CHECK(fs::read_symlink(world.directory / "project/link") == "data/old");
  CHECK_FALSE(fs::exists(world.directory / "changed"));
  CHECK_FALSE(fs::exists(world.directory / "project/.ame.gone"));
}

TEST_CASE("nothing leads out of the files of a run") {
  World world;
  fs::create_directory_symlink(world.directory / "outside", world.directory / "project/door");
  world.files.make_directories(world.directory / "changed/door");
  world.write("changed/door/kept", "broken");
  world.write("changed/.ame.gone", "../outside/kept\n/etc/nothing\n./../outside/kept\n.\n\n");
  world.write("changed/.ame.made", "../outside/made\n");
  world.merge();
  CHECK(world.read("outside/kept") == "kept");
  CHECK_FALSE(fs::exists(world.directory / "outside/made"));
  CHECK(world.read("project/door/kept") == "broken");
  CHECK_FALSE(fs::is_symlink(world.directory / "project/door"));
}

TEST_CASE("a file takes the place of a directory, and a directory that of a file") {
  World world;
  world.write("project/data/inside", "inside");
  world.write("project/file", "file");
  world.files.remove_all(world.directory / "changed/data");
  world.write("changed/data", "now a file");
  world.files.make_directories(world.directory / "changed/file");
  world.write("changed/file/inside", "now in a directory");
  world.merge();
  CHECK(world.read("project/data") == "now a file");
  CHECK(world.read("project/file/inside") == "now in a directory");
}

TEST_CASE("what was sent is noted and read again") {
  const SentFiles sent{.pack = "objects/aa/aab",
                       .large = {{.path = "data/é 'b'", .hash = std::string(64, 'a'), .is_executable = true}},
                       .changes = {"runs/a/1-b/changes.tar"}};
  CHECK(read_sent_files(sent_files_json(sent)) == sent);
  for (const char* const text : {"", "[]", "{}", R"({"pack": 3, "large": [], "changes": []})"}) {
    CHECK(failure_of([&] { read_sent_files(text); }) ==
          "what is noted of the files that were sent cannot be read\nhint: a new run sends them again");
  }
}

}  // namespace ame::clusters

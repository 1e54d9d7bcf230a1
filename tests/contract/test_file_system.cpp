// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/disk_file_system.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace {

struct OnDisk {
  TemporaryDirectory place;
  DiskFileSystem files;

  [[nodiscard]] std::filesystem::path root() const { return place.path(); }
};

struct InMemory {
  MemoryFileSystem files;

  InMemory() { files.add_directory("/project"); }

  [[nodiscard]] static std::filesystem::path root() { return "/project"; }
};

ExitCode code_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.code();
  }
  return ExitCode::success;
}

}  // namespace

TEMPLATE_TEST_CASE("a file reads back as it was written", "[contract][files]", OnDisk, InMemory) {
  TestType world;
  FileSystem& files = world.files;
  const std::string content("line\r\n\0binary\xff", 14);
  files.write_atomically(world.root() / "a.txt", content);
  CHECK(files.read(world.root() / "a.txt") == content);
  files.write_atomically(world.root() / "a.txt", "");
  CHECK(files.read(world.root() / "a.txt") == "");
  CHECK(files.list(world.root()) == std::vector<std::string>{"a.txt"});
}

TEMPLATE_TEST_CASE("what is absent is no error", "[contract][files]", OnDisk, InMemory) {
  TestType world;
  FileSystem& files = world.files;
  CHECK(files.status(world.root() / "none").kind == FileKind::missing);
  CHECK_FALSE(files.read(world.root() / "none").has_value());
  CHECK_FALSE(files.read(world.root() / "none" / "deeper").has_value());
  CHECK(files.list(world.root() / "none").empty());
  files.remove_all(world.root() / "none");
}

TEMPLATE_TEST_CASE("status tells kind, size, mode and change", "[contract][files]", OnDisk, InMemory) {
  TestType world;
  FileSystem& files = world.files;
  files.write_atomically(world.root() / "key", "12345", FileMode::owner_only);
  const FileStatus before = files.status(world.root() / "key");
  CHECK(before.kind == FileKind::regular);
  CHECK(before.size == 5);
  CHECK(before.mode == 0600);
  CHECK(before.modified_ns > 0);
  CHECK(files.status(world.root()).kind == FileKind::directory);
}

TEMPLATE_TEST_CASE("directories are made with their parents, as private as asked",
                   "[contract][files]",
                   OnDisk,
                   InMemory) {
  TestType world;
  FileSystem& files = world.files;
  files.make_directories(world.root() / "a" / "b", FileMode::owner_only);
  files.make_directories(world.root() / "a" / "b");
  CHECK(files.status(world.root() / "a").mode == 0700);
  CHECK(files.status(world.root() / "a" / "b").mode == 0700);
  files.write_atomically(world.root() / "file", "x");
  CHECK(code_of([&] { files.make_directories(world.root() / "file"); }) == ExitCode::machine);
  CHECK(code_of([&] { files.make_directories(world.root() / "file" / "below"); }) == ExitCode::machine);
}

TEMPLATE_TEST_CASE("reading what is no file, or too much, is an error", "[contract][files]", OnDisk, InMemory) {
  TestType world;
  FileSystem& files = world.files;
  files.write_atomically(world.root() / "big", "0123456789");
  CHECK(code_of([&] { (void)files.read(world.root()); }) == ExitCode::machine);
  CHECK(code_of([&] { (void)files.read(world.root() / "big", 9); }) == ExitCode::machine);
  CHECK(files.read(world.root() / "big", 10) == "0123456789");
}

TEMPLATE_TEST_CASE("writing needs the directory, and never replaces one", "[contract][files]", OnDisk, InMemory) {
  TestType world;
  FileSystem& files = world.files;
  files.make_directories(world.root() / "directory");
  CHECK(code_of([&] { files.write_atomically(world.root() / "none" / "file", "x"); }) == ExitCode::machine);
  CHECK(code_of([&] { files.write_atomically(world.root() / "directory", "x"); }) == ExitCode::machine);
  CHECK(files.list(world.root()) == std::vector<std::string>{"directory"});
}

TEMPLATE_TEST_CASE("a tree is removed whole", "[contract][files]", OnDisk, InMemory) {
  TestType world;
  FileSystem& files = world.files;
  files.make_directories(world.root() / "tree" / "deep");
  files.write_atomically(world.root() / "tree" / "deep" / "file", "x");
  files.write_atomically(world.root() / "treetop", "x");
  files.remove_all(world.root() / "tree");
  CHECK(files.list(world.root()) == std::vector<std::string>{"treetop"});
}

}  // namespace ame

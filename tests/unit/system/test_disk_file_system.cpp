// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/disk_file_system.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace fs = std::filesystem;

TEST_CASE("a written link keeps pointing at its file", "[disk]") {
  const TemporaryDirectory place;
  DiskFileSystem files;
  files.write_atomically(place / "real", "old");
  fs::create_symlink("real", place / "link");
  files.write_atomically(place / "link", "new");
  CHECK(fs::is_symlink(place / "link"));
  CHECK(files.read(place / "real") == "new");
}

TEST_CASE("a named pipe is refused and not waited for", "[disk]") {
  const TemporaryDirectory place;
  REQUIRE(::mkfifo((place / "pipe").c_str(), 0600) == 0);
  const DiskFileSystem files;
  CHECK(files.status(place / "pipe").kind == FileKind::other);
  CHECK_THROWS_WITH(files.read(place / "pipe"), "`" + (place / "pipe").string() + "` is not a regular file");
}

TEST_CASE("removing a link leaves what it points to", "[disk]") {
  const TemporaryDirectory place;
  DiskFileSystem files;
  files.make_directories(place / "kept");
  files.write_atomically(place / "kept/file", "x");
  files.make_directories(place / "tree");
  fs::create_directory_symlink(place / "kept", place / "tree/link");
  files.remove_all(place / "tree");
  CHECK(files.read(place / "kept/file") == "x");
  CHECK(files.status(place / "tree").kind == FileKind::missing);
}

TEST_CASE("a failed write names the path and leaves nothing behind", "[disk]") {
  const TemporaryDirectory place;
  DiskFileSystem files;
  const fs::path path = place / "none/file";
  try {
    files.write_atomically(path, "x");
    FAIL("was written");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::machine);
    CHECK_THAT(error.what(), Catch::Contains("none") && Catch::EndsWith("No such file or directory"));
  }
  CHECK(files.list(place.path()).empty());
}

TEST_CASE("a file of the kernel that tells no size is read whole", "[disk]") {
  const DiskFileSystem files;
  const auto content = files.read("/proc/self/status");
  REQUIRE(content.has_value());
  CHECK_THAT(*content, Catch::Contains("Pid:"));
}

}  // namespace ame

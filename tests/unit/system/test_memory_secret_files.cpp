// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/memory_secret_files.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// A memory and a project; the guard, which tests of the whole program look at, is a program that does nothing.
struct Scene {
  Scene() {
    fs::create_directories(memory);
    fs::create_directories(project);
  }

  TemporaryDirectory directory;
  fs::path memory = directory / "memory";
  fs::path project = directory / "project";
  fs::path link = project / "keys" / "id";

  [[nodiscard]] std::size_t left() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(memory), {}));
  }

  std::string refusal(const fs::path& path) {
    MemorySecretFiles files(memory, "/bin/true");
    try {
      files.put({project, path, std::nullopt}, SecretText("value"));
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  }
};

}  // namespace

TEST_CASE("a secret is a link into memory for as long as somebody uses it") {
  Scene scene;
  {
    MemorySecretFiles files(scene.memory, "/bin/true");
    files.put({scene.project, scene.link, std::nullopt}, SecretText("one\ntwo"));
    files.put({scene.project, scene.link, std::nullopt}, SecretText("one\ntwo"));
    CHECK(fs::is_symlink(scene.link));
    CHECK(content_of(scene.link) == "one\ntwo");
    const fs::path file = fs::read_symlink(scene.link);
    CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(fs::status(file.parent_path()).permissions() == fs::perms::owner_all);
    files.remove(scene.link);
    CHECK(content_of(scene.link) == "one\ntwo");
    files.remove(scene.link);
    CHECK_FALSE(fs::is_symlink(scene.link));
    CHECK_FALSE(fs::exists(file));
    files.put({scene.project, scene.link, std::nullopt}, SecretText("again"));
  }
  CHECK_FALSE(fs::is_symlink(scene.link));
  CHECK(scene.left() == 0);
}

TEST_CASE("no secret is put over something, or out of the project") {
  Scene scene;
  std::ofstream(scene.project / "there") << "mine";
  CHECK(scene.refusal(scene.project / "there") ==
        "`" + (scene.project / "there").string() + "` is there already, and a secret was to be put there");
  CHECK(content_of(scene.project / "there") == "mine");
  fs::create_directory_symlink(scene.directory.path(), scene.project / "out");
  CHECK(scene.refusal(scene.project / "out" / "id") ==
        "`" + (scene.project / "out" / "id").string() + "` leads out of the project, and no secret is put there");
  CHECK(scene.left() == 0);
}

TEST_CASE("what a killed process left is swept away, and what another one uses is not") {
  Scene scene;
  const fs::path left = scene.memory / "files-abcdef";
  fs::create_directories(left);
  std::ofstream(left / "lock");
  std::ofstream(left / "1") << "value";
  fs::create_symlink(left / "1", scene.project / "id");
  std::ofstream(left / "links") << (scene.project / "id").string() << '\0';
  const MemorySecretFiles one(scene.memory, "/bin/true");
  CHECK_FALSE(fs::exists(left));
  CHECK_FALSE(fs::is_symlink(scene.project / "id"));
  const MemorySecretFiles other(scene.memory, "/bin/true");
  CHECK(scene.left() == 2);
}

TEST_CASE("a link that the project replaced by a file of its own stays") {
  Scene scene;
  MemorySecretFiles files(scene.memory, "/bin/true");
  files.put({scene.project, scene.link, std::nullopt}, SecretText("value"));
  fs::remove(scene.link);
  std::ofstream(scene.link) << "mine";
  files.remove(scene.link);
  CHECK(content_of(scene.link) == "mine");
}

}  // namespace ame

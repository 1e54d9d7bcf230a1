// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/files/keep_artifacts.hpp"
#include "core/system/directory_object_store.hpp"
#include "core/system/disk_file_hasher.hpp"
#include "core/system/disk_tree_scanner.hpp"
#include "tests/support/files.hpp"
#include "tests/support/memory_object_store.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {
namespace {

namespace fs = std::filesystem;

/// A project on disk, a store in memory.
class Project {
 public:
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((top_ / path).parent_path());
    std::ofstream(top_ / path, std::ios::binary) << text;
  }

  /// Once the files are older than the steps of the kernel's clock.
  [[nodiscard]] Snapshot settled_snapshot() const {
    while (true) {
      const Snapshot found = snapshot();
      const bool settled =
          std::ranges::none_of(found.tree, [](const TreeEntry& entry) { return entry.changed_ns == 0; });
      if (settled) {
        return found;
      }
    }
  }

  [[nodiscard]] Snapshot snapshot(const Snapshot& known = {}) const {
    return take_snapshot(top_.path(), known, scanner_, hasher_);
  }

  KeptArtifacts keep(const Artifacts& wanted, std::optional<Snapshot> before = std::nullopt) {
    return keep_artifacts(
        {.project_directory = top_.path(), .wanted = wanted, .before = std::move(before), .labels = {}}, ports());
  }

  ArtifactPorts ports() { return {.scanner = scanner_, .hasher = hasher_, .store = store_}; }

  [[nodiscard]] const TemporaryDirectory& top() const { return top_; }

  MemoryObjectStore& store() { return store_; }

 private:
  TemporaryDirectory top_;
  DiskTreeScanner scanner_;
  DiskFileHasher hasher_;
  MemoryObjectStore store_;
};

std::vector<std::string> paths_of(const KeptArtifacts& kept) {
  std::vector<std::string> paths;
  for (const ManifestEntry& entry : kept.manifest.entries) {
    paths.push_back(entry.path);
  }
  return paths;
}

template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

const Artifacts changed_files = {.save_changed_files = true};

}  // namespace

TEST_CASE("equal content is sent once, and not again") {
  Project project;
  project.write("a", "same");
  project.write("b", "same");
  project.write("c", "other");
  const auto first = project.keep({.paths = {{.path = "."}}});
  CHECK(first.objects_sent == 2);
  CHECK(first.bytes_sent == 9);
  CHECK(project.keep({.paths = {{.path = "."}}}).objects_sent == 0);
}

TEST_CASE("what a step created or changed is kept, what it only touched is not") {
  Project project;
  project.write("same", "1");
  project.write("touched", "1");
  project.write("changed", "1");
  project.write("mode", "1");
  project.write("gone", "1");
  const Snapshot before = project.snapshot();
  project.write("touched", "1");
  project.write("changed", "2");
  project.write("created", "1");
  fs::permissions(project.top() / "mode", fs::perms(0755));
  fs::remove(project.top() / "gone");
  const auto kept = project.keep(changed_files, before);
  CHECK(paths_of(kept) == std::vector<std::string>{"changed", "created", "mode"});
  CHECK(kept.manifest.deleted == std::vector<std::string>{"gone"});
}

TEST_CASE("paths and changed files together mean both") {
  Project project;
  project.write("old.txt", "1");
  const Snapshot before = project.snapshot();
  project.write("new.txt", "1");
  CHECK(paths_of(project.keep({.paths = {{.path = "old.txt"}}, .save_changed_files = true}, before)) ==
        std::vector<std::string>{"new.txt", "old.txt"});
}

TEST_CASE("a snapshot reads only what the last one did not") {
  Project project;
  project.write("a", "1");
  Snapshot known = project.settled_snapshot();
  known.hashes.front() = "taken over";
  CHECK(project.snapshot(known).hashes.front() == "taken over");
  project.write("a", "2");
  CHECK(project.snapshot(known).hashes.front() != "taken over");
}

TEST_CASE("a file that changes right after a look is found out, though its books may be the same") {
  Project project;
  project.write("a", "1");
  Snapshot before = project.snapshot();
  REQUIRE(before.tree.front().changed_ns == 0);
  project.write("a", "2");
  CHECK(paths_of(project.keep(changed_files, before)) == std::vector<std::string>{"a"});
}

TEST_CASE("what is named is kept although it is ignored, and what only changed is not") {
  Project project;
  project.write(".gitignore", "model.pkl\nout\n");
  project.write("model.pkl", "1");
  project.write("out/deep/plot.png", "1");
  project.write("out/.git/config", "1");
  CHECK(paths_of(project.keep({.paths = {{.path = "model.pkl"}, {.path = "out/*/*.png"}}})) ==
        std::vector<std::string>{"model.pkl", "out/deep/plot.png"});
  CHECK(paths_of(project.keep(changed_files, Snapshot{})) == std::vector<std::string>{".gitignore"});
}

TEST_CASE("a file that changes while it is stored is not kept under the hash it had") {
  Project project;
  project.write("a", "1");
  const std::vector<Upload> uploads = {
      {.key = "k", .file = project.top() / "a", .size = 1, .sha256 = std::string(64, '0')}};
  const TemporaryDirectory directory;
  DirectoryObjectStore store(directory.path());
  CHECK(message_of([&] { store.put(uploads, [](std::uint64_t /*bytes*/) {}); }) ==
        "`" + (project.top() / "a").string() + "` changed while it was being stored");
  CHECK(store.list("").empty());
}

TEST_CASE("a path that is missing fails by its name, and nothing is sent") {
  Project project;
  project.write("a", "1");
  CHECK(message_of([&] {
          project.keep({.paths = {{.path = "a"}, {.path = "model.pkl"}}});
        }) == "the task did not leave `model.pkl` behind");
  CHECK(project.store().list("").empty());
}

TEST_CASE("what was kept comes back, with modes and links, whatever its name") {
  Project project;
  const std::vector<std::string> names = {"-rf", "with space", "\xC3\xA9t\xC3\xA9", "deep/down/file", "empty"};
  for (const std::string& name : names) {
    project.write(name, name == "empty" ? "" : "content of " + name);
  }
  fs::permissions(project.top() / "-rf", fs::perms(0755));
  fs::create_symlink("down/file", project.top() / "deep/link");
  const auto kept = project.keep({.paths = {{.path = "."}}});
  const TemporaryDirectory target;
  fetch_artifacts(kept.manifest, target.path(), project.ports());
  for (const std::string& name : names) {
    CHECK(content_of(target / name) == content_of(project.top() / name));
  }
  CHECK(fs::status(target / "-rf").permissions() == fs::perms(0755));
  CHECK(fs::read_symlink(target / "deep/link") == "down/file");
}

TEST_CASE("a link that leads out is refused, whoever wrote it") {
  Project project;
  project.write("a", "1");
  fs::create_symlink("../../etc/passwd", project.top() / "link");
  CHECK(message_of([&] { project.keep({.paths = {{.path = "."}}}); }) ==
        "`link` is a link that leads out of the project, to `../../etc/passwd`");
  const TemporaryDirectory target;
  Manifest forged{.entries = {{.path = "../escaped", .hash = std::string(64, 'a')}}};
  CHECK(message_of([&] { fetch_artifacts(forged, target.path(), project.ports()); }) ==
        "the manifest names `../escaped`, which leads out of the target");
  forged.entries = {{.path = "link", .kind = TreeEntryKind::link, .target = "/etc"}};
  CHECK(message_of([&] { fetch_artifacts(forged, target.path(), project.ports()); }) ==
        "the manifest names `link`, which leads out of the target");
}

TEST_CASE("an object that changed in the store is found out") {
  Project project;
  project.write("a", "1");
  const auto kept = project.keep({.paths = {{.path = "a"}}});
  project.store().put_text(object_key(kept.manifest.entries.front().hash), "2");
  const TemporaryDirectory target;
  CHECK(message_of([&] { fetch_artifacts(kept.manifest, target.path(), project.ports()); }) ==
        "`a` in memory is not what was kept: its content has changed");
  CHECK_FALSE(fs::exists(target / "a"));
}

TEST_CASE("two manifests differ by path") {
  const Manifest left{.entries = {{.path = "a", .hash = "1"}, {.path = "b", .hash = "1"}, {.path = "c", .hash = "1"}}};
  const Manifest right{.entries = {{.path = "b", .hash = "2"}, {.path = "c", .hash = "1"}, {.path = "d", .hash = "1"}}};
  CHECK(compare_manifests(left, right) ==
        std::vector<ManifestDifference>{{.path = "a", .difference = Difference::removed},
                                        {.path = "b", .difference = Difference::changed},
                                        {.path = "d", .difference = Difference::added}});
}

}  // namespace ame
